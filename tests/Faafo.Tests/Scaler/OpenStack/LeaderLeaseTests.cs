using System.Text;
using System.Text.Json;
using Faafo.Options;
using Faafo.Scaler.Local;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack;

public sealed class LeaderLeaseTests : IAsyncLifetime
{
    private const string Object = "faafo/lease.json";

    private readonly ResourceNames _names = new("faafo", "p1", "One");
    private readonly List<string> _progress = [];
    private readonly WaitingTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private TestKit.OpenStack.FakeOpenStack _cloud = null!;
    private Faafo.OpenStack.OpenStackClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await TestKit.OpenStack.FakeOpenStack.StartAsync();
        _client = _cloud.Client();
    }

    [Fact]
    public async Task Released_lease_can_be_taken()
    {
        await (await TakeAsync()).DisposeAsync();
        Assert.DoesNotContain(Object, _cloud.Swift.Objects.Keys);

        await using var next = await TakeAsync();
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);
        Assert.Equal(["+ container faafo"], _progress);
    }

    [Fact]
    public async Task Lease_of_a_scaler_killed_on_this_host_is_taken_at_once()
    {
        Hold("killed", ProcessIdentity.Own with { Began = "1" });        // the id of this process, but not its start

        await using var lease = await TakeAsync();

        Assert.DoesNotContain("killed", Held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreadable_lease_is_not_taken()
    {
        Hold("", ProcessIdentity.Own);
        _cloud.Swift.Objects[Object] = ("<html>"u8.ToArray(), "text/html", []);

        Assert.StartsWith("faafo/lease.json is not the lease of a scaler (",
            (await Assert.ThrowsAsync<FailureException>(TakeAsync)).Message, StringComparison.Ordinal);
        Assert.Equal("<html>", Held);
    }

    public static TheoryData<string> Failures => ["cut", "refused", "odd", "no connection"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Failed_renewal_is_retried(string failure)
    {
        await using var lease = await TakeAsync();
        // More often than the client itself retries.
        _cloud.Inject("GET", "/lease.json", FaultOf(failure), times: failure == "odd" ? 1 : 5);

        _time.Advance(LeaderLease.Times.RenewInterval);
        await Eventually.TrueAsync("the next renewal", _ =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            return Task.FromResult(_cloud.Seen("PUT", "/lease.json").Count == 3);
        });

        Assert.True(Asked >= 3);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    [InlineData("silent")]
    public async Task Lease_that_is_not_renewed_within_its_term_is_lost_whatever_the_reason(string failure)
    {
        await using var lease = await TakeAsync();
        _cloud.Inject("GET", "/lease.json", FaultOf(failure), times: 1000);

        var started = _time.GetUtcNow();
        while (!lease.Lost.IsCancellationRequested && _time.GetUtcNow() - started < LeaderLease.Times.TimeToLive)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_time.GetUtcNow() - started, LeaderLease.Times.Term - LeaderLease.Times.SettleTime - TimeSpan.FromSeconds(1),
            LeaderLease.Times.Term);
        Assert.StartsWith("the lease could not be renewed within 45 s", lease.Loss().Message, StringComparison.Ordinal);
        Assert.Equal(2, _cloud.Seen("PUT", "/lease.json").Count);
    }

    [Fact]
    public async Task Hanging_renewal_loses_the_lease_after_its_term()
    {
        await using var lease = await TakeAsync();
        using var hanging = new SemaphoreSlim(0);
        _cloud.Inject("PUT", "/lease.json", async (context, _) =>
        {
            hanging.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }, times: 1000);

        _time.Advance(LeaderLease.Times.RenewInterval);
        await hanging.WaitAsync(Ct);
        Assert.False(lease.Lost.IsCancellationRequested);
        _time.Advance(LeaderLease.Times.Term - LeaderLease.Times.RenewInterval);

        Assert.True(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Lost_response_does_not_lock_the_scaler_out_by_its_own_lease()
    {
        _cloud.Inject("PUT", "/lease.json", Fault.LostReply);

        await using var lease = await TakeAsync();

        Assert.Equal(3, _cloud.Seen("PUT", "/lease.json").Count);
    }

    [Fact]
    public async Task Interruption_while_the_lease_settles_leaves_no_object()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var taking = await TakeUntilSettlingAsync(interrupt.Token);
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);

        await interrupt.CancelAsync();
        _time.Advance(LeaderLease.Times.SettleTime);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.DoesNotContain(Object, _cloud.Swift.Objects.Keys);
    }

    [Fact]
    public async Task Lease_that_another_scaler_has_taken_is_lost_and_not_released()
    {
        var lease = await TakeAsync();
        Hold("thief", ProcessIdentity.Own with { Host = "another-host" });
        _time.Advance(TimeSpan.FromSeconds(15));
        await Eventually.TrueAsync("the loss", _ => Task.FromResult(lease.Lost.IsCancellationRequested));

        await lease.DisposeAsync();

        Assert.Contains("thief", Held, StringComparison.Ordinal);
        var loss = lease.Loss().Message;
        Assert.Contains("another scaler has taken over the flock 'faafo' (a scaler (process", loss, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Container_of_another_owner_is_not_used()
    {
        await _client.ObjectStorage.CreateContainerAsync("faafo", cancellationToken: Ct);

        var error = await Assert.ThrowsAsync<FailureException>(TakeAsync);

        Assert.Equal(
            "the container faafo exists and does not belong to the flock 'faafo' in region One: "
            + "give the flock another name, or rename the container", error.Message);
        Assert.Empty(_cloud.Swift.Objects);
        Assert.Empty(_cloud.Swift.ContainerMetadata["faafo"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    private string Held => Encoding.UTF8.GetString(_cloud.Swift.Objects[Object].Content);

    private async Task<LeaderLease> TakeAsync()
    {
        var taking = await TakeUntilSettlingAsync(Ct);
        _time.Advance(LeaderLease.Times.SettleTime);
        return await taking;
    }

    private async Task<Task<LeaderLease>> TakeUntilSettlingAsync(CancellationToken cancellationToken)
    {
        var timers = _time.Waiting;
        await SecretStore.EnsureContainerAsync(_client, _names, _names.Container, _progress.Add, cancellationToken);
        var place = new LeasePlace(_names.Container, "the flock 'faafo'");
        var taking = LeaderLease.TakeAsync(_client, place, standby: false, _progress.Add, _time, cancellationToken);
        await Eventually.TrueAsync("the lease settles or is rejected", _ => Task.FromResult(taking.IsCompleted || _time.Waiting > timers));
        return taking;
    }

    private int Asked => _cloud.Seen("GET", "/lease.json").Count;

    private static Func<HttpContext, Func<Task>, Task> FaultOf(string failure) => failure switch
    {
        "cut" => Cut,
        "refused" => Fault.Status(503),
        "odd" => Fault.Status(200, "[]"),
        "silent" => Silent,
        _ => Fault.Broken,
    };

    // Half of the lease, then the connection breaks.
    private static async Task Cut(HttpContext context, Func<Task> work)
    {
        context.Response.ContentLength = 100;
        await context.Response.WriteAsync("{");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task Silent(HttpContext context, Func<Task> work) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    private void Hold(string id, ProcessIdentity holder)
    {
        _cloud.Swift.Containers.Add("faafo");
        _cloud.Swift.ContainerMetadata["faafo"] = new() { ["X-Container-Meta-Flock"] = "faafo" };
        _cloud.Swift.Objects[Object] = (JsonSerializer.SerializeToUtf8Bytes(
            new LeaseHolder(id, holder.Host, holder.Id, holder.Began, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), holder.Boot,
                holder.Namespace),
            LeaderLeaseJson.Default.LeaseHolder), "application/json", new() { ["X-Object-Meta-Renewals"] = "1" });
    }
}
