namespace Faafo.Scaler.Control;

/// <summary>Background work: a step that is repeated until it is stopped, whatever it throws.</summary>
internal static class Repeat
{
    /// <summary>Repeats a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="failed">Receives the failure of a step, to log it.</param>
    /// <param name="interval">The pause after each step.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops it; the returned task completes without an error.</param>
    public static async Task UntilStoppedAsync(
        Func<CancellationToken, Task> step, Action<Exception> failed, Func<TimeSpan> interval, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await step(stop);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                failed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(interval(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
