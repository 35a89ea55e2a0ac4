using Faafo.Scaler.Control;
using Faafo.Scaler.Output;
using Spectre.Console;

namespace Faafo.Scaler.Local;

/// <summary>Runs the control loop and shows its work: as a live screen on a terminal, line by line elsewhere.</summary>
internal sealed class LocalScreen(ControlLoop loop, Demo? demo, RunLog runLog, Uri gallery, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the loop until it is stopped or, if asked, until the demo is rendered.</summary>
    public async Task ShowAsync(bool exitWhenDone, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var scaling = loop.RunAsync(end.Token);
        var isLive = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        runLog.IsOnScreen = isLive;
        try
        {
            if (isLive)
            {
                await AnsiConsole.Live(new Text("")).StartAsync(context => WatchAsync(scaling, exitWhenDone, context, stop));
            }
            else
            {
                await WatchAsync(scaling, exitWhenDone, null, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C.
        }
        finally
        {
            runLog.IsOnScreen = false;
        }
        await end.CancelAsync();
        await scaling;
    }

    private async Task WatchAsync(Task scaling, bool exitWhenDone, LiveDisplayContext? screen, CancellationToken stop)
    {
        while (!(exitWhenDone && demo is { IsOver: true }))
        {
            if (scaling.IsCompleted)
            {
                await scaling;      // throws what ended it
            }
            if (demo is { IsOver: false } && await demo.UpdateAsync(stop) && screen is null)
            {
                runLog.Write(demo.ProgressBar);
            }
            Draw(screen);
            await Task.Delay(PollInterval, time, stop);
        }
        Draw(screen);
    }

    private void Draw(LiveDisplayContext? screen) =>
        screen?.UpdateTarget(FlockView.Live(loop.Latest, demo?.ProgressBar, runLog, gallery));
}
