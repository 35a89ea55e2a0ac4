using System.Text.Json;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Local;
using Faafo.Scaler.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.OpenStack.Leases;

/// <summary>How a lease passes from one scaler to the next, by simulated time and without sockets.</summary>
public sealed class LeaseTakeoverTests : IAsyncLifetime
{
    private const string Object = "faafo/lease.json";
    private const string Group = "/security-groups";

    private static readonly LeasePlace Place = new("faafo", "the flock 'faafo'");
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _world = new(Start);
    private readonly List<string> _progress = [];
    private readonly List<OpenStackClient> _clients = [];
    private FakeOpenStack _cloud = null!;
    private SimulatedTime? _simulated;
    private long _requests;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await FakeOpenStack.StartAsync();
        _cloud.TokenLife = TimeSpan.FromDays(30);
        _cloud.Swift.Containers.Add("faafo");
    }

    [Fact]
    public async Task Second_scaler_is_rejected_once_the_holder_has_renewed()
    {
        await using var lease = await PassAsync(TakeAsync());
        var before = _world.GetUtcNow();

        var error = await Assert.ThrowsAsync<FailureException>(() => PassAsync(TakeAsync()));

        var process = $"a scaler (process {Environment.ProcessId} on {Environment.MachineName}, since 2030-01-02 03:04:05Z)";
        Assert.Equal($"{process} runs the flock 'faafo' already: stop it first", error.Message);
        Assert.Equal([$"{process} has the lease: it is taken over unless renewed within 60 s"], _progress);
        Assert.InRange(_world.GetUtcNow() - before, TimeSpan.Zero, LeaderLease.Times.RenewInterval + LeaderLease.Times.RetryInterval);
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task Standby_takes_over_when_the_holder_ends()
    {
        var lease = await PassAsync(TakeAsync());
        var standby = TakeAsync(standby: true);
        await PassAsync(TimeSpan.FromMinutes(5));
        Assert.False(standby.IsCompleted);
        Assert.EndsWith("runs the flock 'faafo': standing by", Assert.Single(_progress), StringComparison.Ordinal);

        await lease.DisposeAsync();

        await using var next = await PassAsync(standby);
        Assert.True(next.IsHeld);
        Assert.False(lease.IsHeld);
    }

    [Fact]
    public async Task Standby_goes_on_when_the_store_fails()
    {
        var lease = await PassAsync(TakeAsync());
        var standby = TakeAsync(standby: true);
        await PassAsync(TimeSpan.FromSeconds(10));
        _cloud.Inject("GET", "/lease.json", Fault.Status(400));
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Contains(_progress, line => line.StartsWith("Cannot read the lease: ", StringComparison.Ordinal));

        await lease.DisposeAsync();

        await using var next = await PassAsync(standby);
        Assert.True(next.IsHeld);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("boot")]            // another machine of the same name
    [InlineData("namespace")]       // another container of the same name
    [InlineData("version 0.1")]     // which wrote neither
    [InlineData("no /proc")]
    [InlineData("candidate")]       // was killed here, before it knew whether it had the lease
    public async Task Lease_of_a_holder_that_may_live_is_taken_after_its_time_to_live(string which)
    {
        var own = ProcessIdentity.Own with { Began = "1" };
        Hold(which == "candidate" ? 0 : 5, which switch
        {
            "host" => own with { Host = "another-host" },
            "boot" => own with { Boot = Guid.NewGuid().ToString() },
            "namespace" => own with { Namespace = "pid:[1]" },
            "candidate" => own,
            _ => own with { Boot = "", Namespace = "", Began = which == "no /proc" ? "" : "1" },
        });

        var taking = TakeAsync();
        await PassAsync(LeaderLease.Times.TimeToLive - TimeSpan.FromSeconds(1));
        Assert.Empty(_cloud.Seen("PUT", "/lease.json"));

        await using var lease = await PassAsync(taking);
        Assert.InRange(_world.GetUtcNow() - Start, LeaderLease.Times.TimeToLive, LeaderLease.Times.TimeToLive * 1.25);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]      // a store that ignores If-None-Match
    public async Task One_of_several_concurrent_candidates_has_the_lease(bool ignoresConditions)
    {
        _cloud.Swift.IgnoresConditions = ignoresConditions;

        var taking = Enumerable.Range(0, 4).Select(_ => TakeAsync(delay: TimeSpan.FromMilliseconds(500))).ToArray();
        await PassAsync(TimeSpan.FromSeconds(40));

        var lease = await Assert.Single(taking, one => one.IsCompletedSuccessfully);
        var others = taking.Where(one => !one.IsCompletedSuccessfully);
        Assert.All(others, one => Assert.IsType<FailureException>(one.Exception?.InnerException));
        Assert.True(lease.IsHeld);
    }

    [Fact]
    public async Task Candidate_whose_write_took_too_long_waits_as_if_it_was_another()
    {
        var taking = TakeAsync(delay: TimeSpan.FromMilliseconds(1500));     // 1.5 s to read, 1.5 s to write

        await PassAsync(LeaderLease.Times.TimeToLive);
        Assert.False(taking.IsCompleted);
        Assert.Single(_cloud.Seen("PUT", "/lease.json"));
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);
    }

    [Fact]
    public async Task Nothing_is_sent_after_the_term_even_if_no_timer_has_fired()
    {
        var time = new SuspendableTime(_world);
        var client = Client(time);
        await using var lease = await PassAsync(
            Task.Run(() => LeaderLease.TakeAsync(client, Place, standby: false, _progress.Add, time, Ct)));
        await client.Networking.CreateSecurityGroupAsync("in-time", "", Ct);
        time.Suspend();
        await PassAsync(LeaderLease.Times.Term);
        Assert.False(lease.Lost.IsCancellationRequested);

        var error = await Assert.ThrowsAsync<FailureException>(() => client.Networking.CreateSecurityGroupAsync("too-late", "", Ct));

        Assert.StartsWith("the lease could not be renewed within 45 s", error.Message, StringComparison.Ordinal);
        Assert.Single(_cloud.Seen("POST", Group));
        time.Resume(timersFirst: true);
    }

    [Fact]
    public async Task Release_waits_for_a_request_that_was_cancelled()
    {
        var client = Client(_world);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        _cloud.Inject("POST", Group, async (context, _) => await Task.Delay(Timeout.Infinite, stop.Token));
        var operation = Task.Run(() => LeasedOperation.RunAsync(client, Place, standby: false, _progress.Add, _world,
            (_, leased) => client.Networking.CreateSecurityGroupAsync("slow", "", leased), stop.Token));
        await PassAsync(TimeSpan.FromSeconds(5));

        await stop.CancelAsync();

        await PassAsync(TimeSpan.FromSeconds(14));
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PassAsync(operation));
        Assert.DoesNotContain(Object, _cloud.Swift.Objects.Keys);
    }

    [Fact]
    public async Task Client_of_a_released_lease_changes_nothing()
    {
        var client = Client(_world);
        var taking = Task.Run(() => LeaderLease.TakeAsync(client, Place, standby: false, _progress.Add, _world, Ct));
        await (await PassAsync(taking)).DisposeAsync();

        await Assert.ThrowsAsync<FailureException>(() => client.Networking.CreateSecurityGroupAsync("stray", "", Ct));

        Assert.Empty(_cloud.Seen("POST", Group));
    }

    [Fact]
    public async Task Lost_lease_explains_whatever_failed_because_of_it()
    {
        var client = Client(_world);
        var operation = Task.Run(() => LeasedOperation.RunAsync<int>(client, Place, standby: false, _progress.Add, _world,
            async (_, leased) =>
            {
                await Task.Delay(Timeout.Infinite, leased);
                return 0;
            }, Ct));
        await PassAsync(TimeSpan.FromSeconds(5));
        Hold(7, ProcessIdentity.Own with { Host = "another-host" });

        var error = await Assert.ThrowsAsync<FailureException>(() => PassAsync(operation));

        Assert.StartsWith("another scaler has taken over the flock 'faafo' (a scaler (process ", error.Message, StringComparison.Ordinal);
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
        await _cloud.DisposeAsync();
    }

    private OpenStackClient Client(TimeProvider time, TimeSpan delay = default)
    {
        var transport = new InProcessTransport(_cloud)
        {
            Network = async (_, handle, cancellationToken) =>
            {
                Interlocked.Increment(ref _requests);
                if (delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, _world, cancellationToken);
                }
                var response = await handle().WaitAsync(cancellationToken);
                Interlocked.Increment(ref _requests);
                return response;
            },
        };
        var client = new OpenStackClient(
            _cloud.Config, new OpenStackClientOptions { TimeProvider = time, Random = new Random(1), Transport = transport });
        _clients.Add(client);
        return client;
    }

    private Task<LeaderLease> TakeAsync(bool standby = false, TimeSpan delay = default) =>
        Task.Run(() => LeaderLease.TakeAsync(Client(_world, delay), Place, standby, _progress.Add, _world, Ct));

    private Task<T> PassAsync<T>(Task<T> task) => Time.PassAsync(task, TimeSpan.FromMinutes(5));

    private Task PassAsync(TimeSpan time) => Time.PassAsync(time);

    private SimulatedTime Time => _simulated ??= new SimulatedTime(_world, () => Volatile.Read(ref _requests));

    private void Hold(int renewals, ProcessIdentity holder) => _cloud.Swift.Objects[Object] = (JsonSerializer.SerializeToUtf8Bytes(
        new LeaseHolder("another", holder.Host, holder.Id, holder.Began, Start, holder.Boot, holder.Namespace),
        LeaderLeaseJson.Default.LeaseHolder), "application/json", new() { ["X-Object-Meta-Renewals"] = $"{renewals}" });
}
