using Xunit;

namespace Faafo.TestKit;

/// <summary>Polls until a condition holds; the failure shows the last value.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reads until the value is the expected one, and returns it.</summary>
    /// <param name="what">The condition in words, for the message.</param>
    /// <param name="read">Reads the state; an exception ends the wait.</param>
    /// <param name="wanted">Whether the value is the expected one.</param>
    /// <param name="within">The deadline; 60 seconds if not given.</param>
    public static async Task<T> GetAsync<T>(
        string what, Func<CancellationToken, Task<T>> read, Func<T, bool> wanted, TimeSpan? within = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var last = await read(TestContext.Current.CancellationToken);
            if (wanted(last))
            {
                return last;
            }
            if (TimeProvider.System.GetElapsedTime(started) > (within ?? Usual))
            {
                throw new TimeoutException($"not within {(within ?? Usual).TotalSeconds:0} s: {what}; last seen: {last}");
            }
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task TrueAsync(string what, Func<CancellationToken, Task<bool>> condition, TimeSpan? within = null) =>
        GetAsync(what, condition, holds => holds, within);
}
