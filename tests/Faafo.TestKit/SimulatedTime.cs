using Microsoft.Extensions.Time.Testing;

namespace Faafo.TestKit;

/// <summary>
/// Lets simulated time pass in small steps, and waits after each until the code under test waits for the clock itself. Timers fire on a
/// thread without a synchronization context, so what they continue runs before the next step.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="activity">A counter of what the code under test does.</param>
public sealed class SimulatedTime(FakeTimeProvider clock, Func<long> activity)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(200);
    private const int Turns = 20;
    private const int FirstSteps = 20;

    private static int _steps;

    /// <summary>Lets a time pass.</summary>
    public Task PassAsync(TimeSpan time) => Task.Run(async () =>
    {
        await SettleAsync();
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            clock.Advance(Step);
            await SettleAsync();
        }
    });

    /// <summary>Lets time pass until a task has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan limit)
    {
        for (var passed = TimeSpan.Zero; passed < limit && !task.IsCompleted; passed += Step)
        {
            await PassAsync(Step);
        }
        return task.IsCompleted ? await task : throw new TimeoutException($"not within {limit} of simulated time");
    }

    private async Task SettleAsync()
    {
        // Code that runs for the first time is compiled, which takes long.
        await Task.Delay(Interlocked.Increment(ref _steps) <= FirstSteps ? WarmUp : Pause);
        var last = activity();
        for (var turn = 0; turn < Turns; turn++)
        {
            await Task.Yield();
            var now = activity();
            if (now != last)
            {
                (last, turn) = (now, -1);
            }
        }
    }
}
