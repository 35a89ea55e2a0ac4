using Faafo.Fractals;

namespace Faafo.TestKit;

/// <summary>Valid tasks for tests, small enough to be drawn at once.</summary>
public static class SampleTasks
{
    /// <summary>A task with a new uuid.</summary>
    public static FractalTask Create() => new()
    {
        Uuid = Guid.NewGuid(),
        Width = 4,
        Height = 3,
        Iterations = 10,
        Xa = -1,
        Xb = 1,
        Ya = -1,
        Yb = 1,
        Cx = 0.3,
        Cy = 0.4,
    };
}
