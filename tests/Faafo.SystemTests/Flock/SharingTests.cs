using Faafo.Fractals;
using Faafo.SystemTests.Servers;
using Xunit;

namespace Faafo.SystemTests.Flock;

/// <summary>From order to picture, with nothing going wrong.</summary>
public sealed class SharingTests(TestServers servers) : FlockTest(servers)
{
    [Fact]
    public async Task Late_worker_gets_its_share_of_twelve_queued_tasks()
    {
        await Flock.StartApiAsync();
        NewFractal[] held = [Orders.Slow(6), Orders.Slow(6)];
        foreach (var order in held.Concat(Enumerable.Range(0, 10).Select(Orders.Quick)))
        {
            await Flock.Api.CreateAsync(order, Token);
        }
        await Flock.StartWorkerAsync("early", slots: 2);
        await Flock.WaitForAsync(held[0].Uuid, FractalStatus.Rendering);
        await Flock.WaitForAsync(held[1].Uuid, FractalStatus.Rendering);

        await Flock.StartWorkerAsync("late", slots: 2);
        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(120));

        // The original's first worker fetched eight of them and its late one got none.
        var names = await Flock.Database.QueryAsync<string>("select distinct generated_by from fractals order by 1", null, Token);
        Assert.Equal(["early", "late"], names);
        await Flock.AssertAllDoneAsync(12);
    }

    [Fact]
    public async Task Two_identical_tasks_are_both_drawn()
    {
        await Flock.StartApiAsync();
        var first = Orders.Quick();
        var second = first with { Uuid = Guid.NewGuid() };
        await Flock.Api.CreateAsync(first, Token);
        await Flock.Api.CreateAsync(second, Token);
        await Flock.StartWorkerAsync("worker-1", slots: 2);

        await Flock.WaitUntilAllFinishedAsync(TimeSpan.FromSeconds(30));

        var checksums = await Flock.Database.QueryAsync<string>("select checksum from fractals", null, Token);
        Assert.Equal([Orders.Checksum(first), Orders.Checksum(first)], checksums);
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

        // What the API queued named the constant; the same message again, as the original's API would have queued it, does not.
        await Flock.Vhost.PublishAsync([$$"""
            {"uuid": "{{uuid}}", "checksum": null, "url": null, "duration": null, "size": null, "width": 120, "height": 90,
            "iterations": 100, "xa": -2.0, "xb": 2.0, "ya": -1.0, "yb": 1.0, "generated_by": null}
            """], Token);
        var after = Orders.Quick();
        await Flock.Api.CreateAsync(after, Token);
        await Flock.WaitForAsync(after.Uuid, FractalStatus.Done);

        Assert.NotNull(fractal!.Cx);
        await Flock.AssertAllDoneAsync(2);
    }
}
