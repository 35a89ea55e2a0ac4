using System.Globalization;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>
/// How much of the campaigns runs: a sample by seed in the usual run, and all of it with <c>FAAFO_CAMPAIGN=all</c>. The variable
/// <c>FAAFO_SEED</c> repeats the sample of a failure.
/// </summary>
internal static class Campaign
{
    /// <summary>Whether everything runs.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("FAAFO_CAMPAIGN") == "all";

    /// <summary>The seed of the sample.</summary>
    public static int Seed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("FAAFO_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    /// <summary>Chooses from the numbers from 1 to <paramref name="last"/>.</summary>
    /// <param name="last">The last number.</param>
    /// <param name="sample">How many a sample has.</param>
    public static int[] Choose(int last, int sample)
    {
        var all = Enumerable.Range(1, last).ToArray();
        if (IsLong || last <= sample)
        {
            return all;
        }
        new Random(Seed).Shuffle(all);
        return [.. all.Take(sample).Order()];
    }
}
