using Faafo.SystemTests.Samples;
using Faafo.SystemTests.Scaler.Cloud;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(Faafo.SystemTests.LongestFirst))]

namespace Faafo.SystemTests;

/// <summary>Starts the longest classes first: others run beside them, and none is left alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [.. new[]
    {
        typeof(HundredWorkersTests), typeof(RollOnACloudTests), typeof(ServiceChapterTests), typeof(ComputeChapterTests), typeof(FlockOnACloudTests),
        typeof(StackScalingTests), typeof(KilledUpTests),
    }.Select(one => one.FullName!)];

    /// <summary>The named ones, then all others as they were.</summary>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Longest.Length : place;
    }
}
