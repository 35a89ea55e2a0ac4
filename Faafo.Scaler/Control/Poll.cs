namespace Faafo.Scaler.Control;

/// <summary>Waiting for a condition by looking at intervals.</summary>
internal static class Poll
{
    /// <summary>Polls until a condition holds.</summary>
    /// <param name="condition">The condition; what it throws ends the wait.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="interval">The pause between two looks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when it did not hold within the timeout.</returns>
    public static async Task<bool> UntilAsync(
        Func<Task<bool>> condition, TimeSpan timeout, TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(started) > timeout)
            {
                return false;
            }
            await Task.Delay(interval, time, cancellationToken);
        }
        return true;
    }
}
