namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>
/// Runs simulated programs: their code until all of it waits, then the next timer. So a wait of hours takes no time, and nothing depends on
/// the speed of the machine. Work that the framework passes to the thread pool (Parallel.ForEachAsync, semaphores) is short; the driver
/// waits until the pool has finished it.
/// </summary>
public static class SimulationDriver
{
    private const int Patience = 5000;
    private const int BusyLimit = 20;       // milliseconds; longer, and other tests keep the pool busy
    private const int YieldLimit = 200;

    /// <summary>Runs a program until it ends, or is killed.</summary>
    /// <param name="world">The world.</param>
    /// <param name="program">The program.</param>
    /// <param name="main">Its code.</param>
    /// <returns>The task of its code, completed unless the program was killed.</returns>
    public static Task<(bool IsKilled, Task? Main)> RunAsync(SimulatedWorld world, SimulatedProgram program, Func<Task> main) =>
        Task.Factory.StartNew(
            () => Run(world, program, main), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static (bool IsKilled, Task? Main) Run(SimulatedWorld world, SimulatedProgram program, Func<Task> main)
    {
        var context = new SimulationContext(world.Clock);
        Task? task = null;
        using var idle = new ManualResetEventSlim();
        var waiting = 0;
        var isShared = false;
        context.Post(_ => task = main(), null);
        while (task is not { IsCompleted: true } && !program.IsKilled)
        {
            if (context.RunOne() || !IsSettled(world.Clock, context))
            {
                continue;
            }
            if (task is { IsCompleted: true } || program.IsKilled)
            {
                break;
            }
            // A file that is read, or a thread of the pool that has lost its processor, must not make the time jump ahead.
            if (!isShared && IsPoolBusy())
            {
                // The thread that reported an idle pool returns to it within microseconds.
                for (var i = 0; i < YieldLimit && IsPoolBusy(); i++)
                {
                    Thread.Yield();
                }
                for (var i = 0; i < BusyLimit && IsPoolBusy(); i++)
                {
                    idle.Wait(TimeSpan.FromMilliseconds(1));
                }
                isShared = IsPoolBusy();
                continue;
            }
            if (world.Clock.FireNext())
            {
                waiting = 0;
            }
            else if (++waiting > Patience)
            {
                throw new InvalidOperationException("the program waits for nothing");
            }
            else
            {
                // It reads or writes a file.
                idle.Wait(TimeSpan.FromMilliseconds(1));
            }
        }
        return (program.IsKilled, task);
    }

    private static bool IsPoolBusy()
    {
        ThreadPool.GetAvailableThreads(out var available, out _);
        ThreadPool.GetMaxThreads(out var most, out _);
        return available < most || ThreadPool.PendingWorkItemCount > 0;
    }

    private static bool IsSettled(SimulatedClock clock, SimulationContext context)
    {
        for (var i = 0; i < 2; i++)
        {
            var before = clock.Activity;
            using var passed = new ManualResetEventSlim(initialState: false, spinCount: 0);
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Set(), passed, preferLocal: false);
            passed.Wait();
            if (!context.IsIdle || clock.Activity != before)
            {
                return false;
            }
        }
        return true;
    }
}
