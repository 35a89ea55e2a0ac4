using Faafo.SystemTests.Samples;
using Faafo.SystemTests.Scaler.Cloud;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(Faafo.SystemTests.LongestFirst))]

namespace Faafo.SystemTests;

/// <summary>Starts the longest classes first, so that others run beside them and none runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [.. new[]
    {
        typeof(HundredWorkersTests), typeof(RollTests), typeof(ServiceChapterTests), typeof(ComputeChapterTests),
        typeof(FlockLifecycleTests),
        typeof(StackScalingTests), typeof(KilledUpTests),
    }.Select(one => one.FullName!)];

    /// <summary>Returns the longest classes, then all others in their given order.</summary>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Position)];

    private static int Position<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var position = Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return position < 0 ? Longest.Length : position;
    }
}
