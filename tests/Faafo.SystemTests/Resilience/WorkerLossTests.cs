using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Resilience;

/// <summary>Workers that are killed, terminated or drained while they draw.</summary>
public sealed class WorkerLossTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Task_of_a_killed_worker_is_drawn_again_with_the_same_checksum()
    {
        await Flock.StartApiAsync();
        var task = TestTasks.Slow(3);
        await Flock.Api.CreateAsync(task, Token);
        var killed = await Flock.StartWorkerAsync("killed", slots: 1);
        await Flock.WaitForAsync(task.Uuid, FractalStatus.Rendering);

        await killed.KillAsync();
        var successor = await Flock.StartWorkerAsync("successor", slots: 1);
        var done = await Flock.WaitForAsync(task.Uuid, FractalStatus.Done);

        Assert.Equal(TestTasks.Checksum(task), done!.Checksum);
        Assert.Equal("successor", done.GeneratedBy);
        Assert.Equal(0, TimesDrawn(killed, task));
        Assert.Equal(1, TimesDrawn(successor, task));
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Terminated_worker_finishes_its_tasks_and_receives_no_more()
    {
        await Flock.StartApiAsync();
        var held = TestTasks.Slow(3);
        var waiting = TestTasks.Quick();
        await Flock.Api.CreateAsync(held, Token);
        await Flock.Api.CreateAsync(waiting, Token);
        var worker = await Flock.StartWorkerAsync("terminated", slots: 1, drainDeadline: "60s");
        await Flock.WaitForAsync(held.Uuid, FractalStatus.Rendering);

        var exitCode = await worker.StopAsync(Token);

        Assert.Equal(0, exitCode);
        Assert.Equal(1, TimesDrawn(worker, held));
        Assert.Equal(FractalStatus.Done, (await Flock.Api.FindAsync(held.Uuid, Token))!.Status);
        Assert.Equal(FractalStatus.Queued, (await Flock.Api.FindAsync(waiting.Uuid, Token))!.Status);
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        Assert.Equal(NodeState.Left, (await Flock.Api.GetNodesAsync(Token)).Single(node => node.Name == "terminated").State);

        await Flock.StartWorkerAsync("successor", slots: 1);
        await Flock.WaitForAsync(waiting.Uuid, FractalStatus.Done);
        await Flock.AssertAllDoneAsync(2);
    }

    [Fact]
    public async Task Terminated_worker_returns_a_task_that_it_cannot_finish_in_time()
    {
        await Flock.StartApiAsync();
        var task = TestTasks.Slow(4);
        await Flock.Api.CreateAsync(task, Token);
        var worker = await Flock.StartWorkerAsync("terminated", slots: 1, drainDeadline: "100ms");
        await Flock.WaitForAsync(task.Uuid, FractalStatus.Rendering);

        var exitCode = await worker.StopAsync(Token);

        Assert.Equal(0, exitCode);
        Assert.Equal(0, TimesDrawn(worker, task));
        Assert.Empty(Flock.ReadImages());
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        var successor = await Flock.StartWorkerAsync("successor", slots: 1);
        var done = await Flock.WaitForAsync(task.Uuid, FractalStatus.Done);
        Assert.Equal(TestTasks.Checksum(task), done!.Checksum);
        Assert.Equal(1, TimesDrawn(successor, task));
        await Flock.AssertAllDoneAsync(1);
    }

    [Fact]
    public async Task Drained_worker_finishes_its_tasks_and_exits()
    {
        await Flock.StartApiAsync();
        var held = TestTasks.Slow(3);
        await Flock.Api.CreateAsync(held, Token);
        await Flock.Api.CreateAsync(TestTasks.Quick(), Token);
        var worker = await Flock.StartWorkerAsync("drained", slots: 1, drainDeadline: "60s");
        await Flock.WaitForAsync(held.Uuid, FractalStatus.Rendering);

        Assert.True(await Flock.Api.DrainNodeAsync("drained", drain: true, Token));

        Assert.Equal(0, await worker.WaitAsync(Token));
        Assert.Equal(FractalStatus.Done, (await Flock.Api.FindAsync(held.Uuid, Token))!.Status);
        Assert.Equal(1u, await Flock.Vhost.CountAsync("normal", Token));
        Assert.Equal(NodeState.Left, (await Flock.Api.GetNodesAsync(Token)).Single(node => node.Name == "drained").State);
    }

    [Fact]
    public async Task Cancelled_drain_lets_the_worker_continue()
    {
        await Flock.StartApiAsync();
        var held = TestTasks.Slow(3);
        var waiting = TestTasks.Quick();
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
    public async Task Fractal_deleted_while_being_drawn_leaves_no_image()
    {
        await Flock.StartApiAsync();
        var deleted = TestTasks.Slow(3);
        await Flock.Api.CreateAsync(deleted, Token);
        var worker = await Flock.StartWorkerAsync("worker-1", slots: 1);
        await Flock.WaitForAsync(deleted.Uuid, FractalStatus.Rendering);

        Assert.True(await Flock.Api.DeleteAsync(deleted.Uuid, Token));
        var next = TestTasks.Quick();
        await Flock.Api.CreateAsync(next, Token);
        await Flock.WaitForAsync(next.Uuid, FractalStatus.Done);

        Assert.Equal(1, TimesDrawn(worker, deleted));
        Assert.False(worker.HasExited);
        Assert.Equal([next.Uuid], Flock.ReadImages().Select(image => image.Uuid));
        await Flock.AssertAllDoneAsync(1);
    }

    private static int TimesDrawn(ChildProcess worker, NewFractal order) =>
        worker.Output.Split('\n').Count(line => line.Contains($"Rendered {order.Uuid}", StringComparison.Ordinal));
}
