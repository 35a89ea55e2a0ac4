using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>Workers that die, leave or are told to leave while they draw.</summary>
public sealed class WorkerLossTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Task_of_a_killed_worker_is_drawn_once_more_with_the_same_checksum()
    {
        await Flock.StartApiAsync();
        var order = Orders.Slow(3);
        await Flock.Api.CreateAsync(order, Token);
        var killed = await Flock.StartWorkerAsync("killed", slots: 1);
        await Flock.WaitForAsync(order.Uuid, FractalStatus.Rendering);

        await killed.KillAsync();
        var heir = await Flock.StartWorkerAsync("heir", slots: 1);
        var done = await Flock.WaitForAsync(order.Uuid, FractalStatus.Done);

        Assert.Equal(Orders.Checksum(order), done!.Checksum);
        Assert.Equal("heir", done.GeneratedBy);
        Assert.Equal(0, TimesDrawn(killed, order));
        Assert.Equal(1, TimesDrawn(heir, order));
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Terminated_worker_finishes_what_it_holds_and_takes_nothing_new()
    {
        await Flock.StartApiAsync();
        var held = Orders.Slow(3);
        var waiting = Orders.Quick();
        await Flock.Api.CreateAsync(held, Token);
        await Flock.Api.CreateAsync(waiting, Token);
        var worker = await Flock.StartWorkerAsync("leaver", slots: 1, drainDeadline: "60s");
        await Flock.WaitForAsync(held.Uuid, FractalStatus.Rendering);

        var exitCode = await worker.StopAsync(Token);

        Assert.Equal(0, exitCode);
        Assert.Equal(1, TimesDrawn(worker, held));
        Assert.Equal(FractalStatus.Done, (await Flock.Api.FindAsync(held.Uuid, Token))!.Status);
        Assert.Equal(FractalStatus.Queued, (await Flock.Api.FindAsync(waiting.Uuid, Token))!.Status);
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        Assert.Equal(NodeState.Left, (await Flock.Api.GetNodesAsync(Token)).Single(node => node.Name == "leaver").State);

        await Flock.StartWorkerAsync("heir", slots: 1);
        await Flock.WaitForAsync(waiting.Uuid, FractalStatus.Done);
        await Flock.AssertAllDoneAsync(2);
    }

    [Fact]
    public async Task Terminated_worker_hands_back_what_it_cannot_finish_in_time()
    {
        await Flock.StartApiAsync();
        var order = Orders.Slow(4);
        await Flock.Api.CreateAsync(order, Token);
        var worker = await Flock.StartWorkerAsync("leaver", slots: 1, drainDeadline: "100ms");
        await Flock.WaitForAsync(order.Uuid, FractalStatus.Rendering);

        var exitCode = await worker.StopAsync(Token);

        Assert.Equal(0, exitCode);
        Assert.Equal(0, TimesDrawn(worker, order));
        Assert.Empty(Flock.ReadImages());
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        var heir = await Flock.StartWorkerAsync("heir", slots: 1);
        var done = await Flock.WaitForAsync(order.Uuid, FractalStatus.Done);
        Assert.Equal(Orders.Checksum(order), done!.Checksum);
        Assert.Equal(1, TimesDrawn(heir, order));
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Drained_worker_finishes_what_it_holds_and_leaves()
    {
        await Flock.StartApiAsync();
        var held = Orders.Slow(3);
        await Flock.Api.CreateAsync(held, Token);
        await Flock.Api.CreateAsync(Orders.Quick(), Token);
        var worker = await Flock.StartWorkerAsync("drained", slots: 1, drainDeadline: "60s");
        await Flock.WaitForAsync(held.Uuid, FractalStatus.Rendering);

        Assert.True(await Flock.Api.DrainNodeAsync("drained", drain: true, Token));

        Assert.Equal(0, await worker.WaitAsync(Token));
        Assert.Equal(FractalStatus.Done, (await Flock.Api.FindAsync(held.Uuid, Token))!.Status);
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        Assert.Equal(NodeState.Left, (await Flock.Api.GetNodesAsync(Token)).Single(node => node.Name == "drained").State);
    }

    [Fact]
    public async Task Drain_that_is_taken_back_lets_the_worker_go_on()
    {
        await Flock.StartApiAsync();
        var held = Orders.Slow(3);
        var waiting = Orders.Quick();
        await Flock.Api.CreateAsync(held, Token);
        await Flock.Api.CreateAsync(waiting, Token);
        await Flock.StartWorkerAsync("stays", slots: 1, drainDeadline: "60s");
        await Flock.WaitForAsync(held.Uuid, FractalStatus.Rendering);
        await Flock.Api.DrainNodeAsync("stays", drain: true, Token);
        await Eventually.TrueAsync("it drains", async token =>
            (await Flock.Api.GetNodesAsync(token)).Any(node => node.Name == "stays" && node.State == NodeState.Draining));

        await Flock.Api.DrainNodeAsync("stays", drain: false, Token);

        await Flock.WaitForAsync(waiting.Uuid, FractalStatus.Done);
        await Flock.AssertAllDoneAsync(2);
    }

    [Fact]
    public async Task Fractal_deleted_while_it_is_drawn_leaves_nothing_behind()
    {
        await Flock.StartApiAsync();
        var deleted = Orders.Slow(3);
        await Flock.Api.CreateAsync(deleted, Token);
        var worker = await Flock.StartWorkerAsync("worker-1", slots: 1);
        await Flock.WaitForAsync(deleted.Uuid, FractalStatus.Rendering);

        Assert.True(await Flock.Api.DeleteAsync(deleted.Uuid, Token));
        var next = Orders.Quick();
        await Flock.Api.CreateAsync(next, Token);
        await Flock.WaitForAsync(next.Uuid, FractalStatus.Done);

        Assert.Equal(1, TimesDrawn(worker, deleted));
        Assert.False(worker.HasExited);
        Assert.Equal([next.Uuid], Flock.ReadImages().Select(image => image.Uuid));
        await Flock.AssertAllDoneAsync(1);
    }

    private static int TimesDrawn(ChildProcess worker, NewFractal order) =>
        worker.Output.Split('\n').Count(line => line.Contains($"Drew {order.Uuid}", StringComparison.Ordinal));
}
