namespace Faafo.OpenStack;

/// <summary>Exponential back-off: each delay is twice the one before, up to a limit.</summary>
/// <param name="First">The delay after the first failure.</param>
/// <param name="Longest">The limit of all delays.</param>
public readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    // 2^62 of the shortest TimeSpan is past every limit.
    private const int MostDoublings = 62;

    /// <summary>Computes the delay after a number of consecutive failures, without jitter.</summary>
    /// <param name="failures">Failures so far, 1 or more.</param>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var ticks = First.Ticks * Math.Pow(2, Math.Min(failures - 1, MostDoublings));
        return ticks < Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : Longest;
    }

    /// <summary>
    /// Computes a random delay between zero and <see cref="After(int)"/>, so that many callers that failed together do not retry together
    /// ("full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
    /// </summary>
    /// <param name="failures">Failures so far, 1 or more.</param>
    /// <param name="random">The source of jitter; it is locked while it is read.</param>
    public TimeSpan After(int failures, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        lock (random)
        {
            return After(failures) * random.NextDouble();
        }
    }
}
