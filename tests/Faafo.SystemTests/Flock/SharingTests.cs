using Faafo.Fractals;
using Faafo.SystemTests.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>From task to picture, without faults.</summary>
public sealed class SharingTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Late_worker_gets_its_share_of_twelve_queued_tasks()
    {
        await Flock.StartApiAsync();
        NewFractal[] held = [TestTasks.Slow(6), TestTasks.Slow(6)];
        foreach (var task in held.Concat(Enumerable.Range(0, 10).Select(TestTasks.Quick)))
        {
            await Flock.Api.CreateAsync(task, Token);
        }
        await Flock.StartWorkerAsync("early", slots: 2);
        await Flock.WaitForAsync(held[0].Uuid, FractalStatus.Rendering);
        await Flock.WaitForAsync(held[1].Uuid, FractalStatus.Rendering);

        await Flock.StartWorkerAsync("late", slots: 2);
        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(120));

        // In the original Faafo (openstack-archive/faafo) the first worker prefetched eight of them and the late one received none.
        var names = await Flock.Database.QueryAsync<string>("select distinct generated_by from fractals order by 1", null, Token);
        Assert.Equal(["early", "late"], names);
        await Flock.AssertAllDoneAsync(12);
    }

    [Fact]
    public async Task Two_identical_tasks_are_both_drawn()
    {
        await Flock.StartApiAsync();
        var first = TestTasks.Quick();
        var second = first with { Uuid = Guid.NewGuid() };
        await Flock.Api.CreateAsync(first, Token);
        await Flock.Api.CreateAsync(second, Token);
        await Flock.StartWorkerAsync("worker-1", slots: 2);

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(30));

        var checksums = await Flock.Database.QueryAsync<string>("select checksum from fractals", null, Token);
        Assert.Equal([TestTasks.Checksum(first), TestTasks.Checksum(first)], checksums);
        await Flock.AssertAllDoneAsync(2);
    }

    [Fact]
    public async Task Task_queued_by_the_original_without_a_constant_is_drawn_the_same_by_every_worker()
    {
        await Flock.StartApiAsync();
        var uuid = Guid.NewGuid();
        await Flock.Api.CreateAsync(new NewFractal(uuid, 120, 90, 100, -2, 2, -1, 1), Token);
        var fractal = await Flock.Api.FindAsync(uuid, Token);
        await Flock.StartWorkerAsync("worker-1", slots: 1);
        await Flock.WaitForAsync(uuid, FractalStatus.Done);

        // The API's message contained the constant. This is the same message as the original's API would send it, without the constant.
        await Flock.Vhost.PublishAsync([$$"""
            {"uuid": "{{uuid}}", "checksum": null, "url": null, "duration": null, "size": null, "width": 120, "height": 90,
            "iterations": 100, "xa": -2.0, "xb": 2.0, "ya": -1.0, "yb": 1.0, "generated_by": null}
            """], Token);
        var after = TestTasks.Quick();
        await Flock.Api.CreateAsync(after, Token);
        await Flock.WaitForAsync(after.Uuid, FractalStatus.Done);

        Assert.NotNull(fractal!.Cx);
        await Flock.AssertAllDoneAsync(2);
    }
}
