using Faafo.Cli;
using Faafo.Fractals;
using Xunit;

namespace Faafo.Tests.Cli;

public sealed class FractalGeneratorTests
{
    private static readonly FractalGenerator Defaults = new(new(256, 1024), new(256, 1024), new(128, 512),
        new(-1.0, -4.0), new(1.0, 4.0), new(-0.5, -3), new(0.5, 3), IsRepeatable: true);

    [Fact]
    public void Same_seed_draws_the_same_tasks()
    {
        Assert.Equal(Draw(Defaults, 42, 5), Draw(Defaults, 42, 5));
        Assert.NotEqual(Draw(Defaults, 42, 5), Draw(Defaults, 43, 5));
    }

    [Fact]
    public void Seed_draws_this_task_in_every_release()
    {
        var task = Draw(Defaults, 42, 1).Single();

        Assert.Equal("3e17ba96-ae04-4d3b-9986-9e56f0adbf3a 653 283 441", $"{task.Uuid} {task.Width} {task.Height} {task.Iterations}");
    }

    [Fact]
    public void Uuids_are_of_version_4() =>
        Assert.All(Draw(Defaults, 1, 100), task => Assert.Equal((4, 2), (task.Uuid.Version, task.Uuid.Variant >> 2)));

    [Fact]
    public void Uuids_without_a_seed_are_new()
    {
        var recipe = Defaults with { IsRepeatable = false };

        Assert.NotEqual(Draw(recipe, 42, 1)[0].Uuid, Draw(recipe, 42, 1)[0].Uuid);
    }

    [Fact]
    public void Values_are_within_their_ranges_even_if_these_are_reversed()
    {
        Assert.All(Draw(Defaults, 7, 1000), task =>
        {
            Assert.InRange(task.Width, 256, 1024);
            Assert.InRange(task.Height, 256, 1024);
            Assert.InRange(task.Iterations, 128, 512);
            Assert.InRange(task.Xa, -4.0, -1.0);
            Assert.InRange(task.Xb, 1.0, 4.0);
            Assert.InRange(task.Ya, -3, -0.5);
            Assert.InRange(task.Yb, 0.5, 3);
        });
    }

    [Fact]
    public void Both_ends_of_a_whole_range_are_drawn()
    {
        var widths = Draw(Defaults with { Width = new(1, 3) }, 7, 100).Select(task => task.Width).Distinct().Order();

        Assert.Equal([1, 2, 3], widths);
    }

    [Fact]
    public void Fixed_value_is_drawn_exactly()
    {
        var task = Draw(Defaults with { Xa = new(-1.3, -1.3), Width = new(333, 333), Cx = 0.1 }, 7, 1).Single();

        Assert.Equal((-1.3, 333, 0.1, null), (task.Xa, task.Width, task.Cx, task.Cy));
    }

    private static NewFractal[] Draw(FractalGenerator recipe, int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => recipe.Draw(random))];
    }
}
