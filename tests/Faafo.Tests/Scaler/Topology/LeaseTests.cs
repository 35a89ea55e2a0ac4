using System.Text;
using Faafo.Options;
using Faafo.Scaler.Topology;
using Faafo.Tests.OpenStack.Fake;
using Faafo.Tests.Queueing;
using Xunit;

namespace Faafo.Tests.Scaler.Topology;

public sealed class LeaseTests : IAsyncLifetime
{
    private const string Object = "faafo/lease.json";

    private readonly Names _names = new("faafo");
    private readonly List<string> _progress = [];
    private readonly ManualTime _time = new();
    private OpenStack.Fake.FakeCloud _cloud = null!;
    private Faafo.OpenStack.OpenStackClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await OpenStack.Fake.FakeCloud.StartAsync();
        _client = _cloud.Client();
    }

    [Fact]
    public async Task A_second_scaler_is_refused_and_told_who_has_it()
    {
        await using var lease = await TakeAsync();

        var refused = await Assert.ThrowsAsync<FailureException>(TakeAsync);

        Assert.StartsWith($"a scaler (process {Environment.ProcessId} on {Environment.MachineName}, since 2030-01-01 00:00:00Z) runs the flock 'faafo' already: ",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_given_back_can_be_taken()
    {
        await (await TakeAsync()).DisposeAsync();
        Assert.DoesNotContain(Object, _cloud.Swift.Objects.Keys);

        await using var next = await TakeAsync();
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);
        Assert.Equal(["+ container faafo"], _progress);
    }

    [Fact]
    public async Task A_holder_that_was_killed_on_this_host_is_seen_to_be_gone()
    {
        Hold("killed", Environment.MachineName);        // the number of this process, but not its beginning

        await using var lease = await TakeAsync();

        Assert.DoesNotContain("killed", Held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_another_host_nobody_knows_whether_it_lives()
    {
        Hold("elsewhere", "another-host");

        Assert.Contains("its lease ends within 60 s", (await Assert.ThrowsAsync<FailureException>(TakeAsync)).Message, StringComparison.Ordinal);
        Assert.Contains("elsewhere", Held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_lost_does_not_shut_the_scaler_out_by_its_own_lease()
    {
        _cloud.Inject("PUT", "/lease.json", Fault.LostReply);

        await using var lease = await TakeAsync();

        Assert.Equal(2, _cloud.Seen("PUT", "/lease.json").Count);
    }

    [Fact]
    public async Task Of_several_whom_swift_lets_make_it_at_once_the_last_one_has_it()
    {
        var first = await TakeUntilSettlingAsync(Ct);
        _cloud.Swift.Objects.Remove(Object);      // as one that was not stored yet when the second was let in
        var second = await TakeUntilSettlingAsync(Ct);
        _time.Advance(Lease.Settling);

        await using var lease = await second;
        Assert.Contains("runs the flock 'faafo' already", (await Assert.ThrowsAsync<FailureException>(() => first)).Message, StringComparison.Ordinal);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_is_interrupted_while_it_settles_leaves_none()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var taking = await TakeUntilSettlingAsync(interrupt.Token);
        Assert.Contains(Object, _cloud.Swift.Objects.Keys);

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.DoesNotContain(Object, _cloud.Swift.Objects.Keys);
    }

    [Fact]
    public async Task A_lease_that_another_has_taken_is_lost_and_not_given_back()
    {
        var lease = await TakeAsync();
        Hold("thief", "another-host");
        _time.Advance(TimeSpan.FromSeconds(15));
        await Eventually.TrueAsync("the loss", _ => Task.FromResult(lease.Lost.IsCancellationRequested));

        await lease.DisposeAsync();

        Assert.Contains("thief", Held, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_of_somebody_else_is_neither_filled_nor_taken()
    {
        await _client.ObjectStorage.CreateContainerAsync("faafo", cancellationToken: Ct);

        var refused = await Assert.ThrowsAsync<FailureException>(TakeAsync);

        Assert.Equal("the project has a container faafo that is not of the flock 'faafo': give the flock another name, or rename the container", refused.Message);
        Assert.Empty(_cloud.Swift.Objects);
        Assert.Empty(_cloud.Swift.ContainerMetadata["faafo"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cloud.DisposeAsync();
    }

    private string Held => Encoding.UTF8.GetString(_cloud.Swift.Objects[Object].Content);

    private async Task<Lease> TakeAsync()
    {
        var taking = await TakeUntilSettlingAsync(Ct);
        _time.Advance(Lease.Settling);
        return await taking;
    }

    private async Task<Task<Lease>> TakeUntilSettlingAsync(CancellationToken cancellationToken)
    {
        var timers = _time.Waiting;
        var taking = Lease.TakeAsync(_client, _names, _progress.Add, _time, cancellationToken);
        await Eventually.TrueAsync("it waits for others, or is refused", _ => Task.FromResult(taking.IsCompleted || _time.Waiting > timers));
        return taking;
    }

    private void Hold(string id, string host)
    {
        _cloud.Swift.Containers.Add("faafo");
        _cloud.Swift.ContainerMetadata["faafo"] = new() { ["X-Container-Meta-Flock"] = "faafo" };
        _cloud.Swift.Objects[Object] = (Encoding.UTF8.GetBytes(
            $$"""{"Id":"{{id}}","Host":"{{host}}","Process":{{Environment.ProcessId}},"Began":"1","Since":"2030-01-01T00:00:00Z"}"""), "application/json", []);
    }
}
