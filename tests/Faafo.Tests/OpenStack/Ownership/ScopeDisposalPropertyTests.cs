using CsCheck;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack.Ownership;

/// <summary>
/// The disposal of a scope in any weather, among resources of others of every kind: nothing of others is deleted, and what is its own is
/// gone or an error is reported.
/// </summary>
public sealed class ScopeDisposalPropertyTests
{
    private const string Mark = "mine";

    // A subnet has no scope of its own: it goes with its network.
    private static readonly ResourceKind[] Kinds =
    [
        ResourceKind.Server, ResourceKind.Volume, ResourceKind.FloatingIP, ResourceKind.LoadBalancer, ResourceKind.Port,
        ResourceKind.Router, ResourceKind.Network, ResourceKind.SecurityGroup,
    ];

    // The same mark in another project, and marks in this project that only look like it.
    private static readonly (string Project, string Mark)[] Others =
        [("p2", Mark), ("p1", "yours"), ("p1", ""), ("p1", "mine2"), ("p1", "Mine"), ("p1", "mine "), ("p1", "yours,mine")];

    [Fact]
    public Task Disposal_deletes_nothing_of_others_and_reports_what_it_leaves() => Gen.Select(
        CloudWeather.Any,
        Gen.Select(Gen.OneOf([.. Kinds, ResourceKind.Subnet]), Gen.OneOf(Others)).Array[0, 12],
        Gen.OneOf(Kinds).Array[0, 8]).SampleAsync(RunAsync, iter: 80, threads: 1);

    // With the filter ignored, the list of each volume has the snapshots of both.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Snapshots_of_two_volumes_are_deleted_once(bool ignoresFilters) => RunAsync(
        new CloudWeather([], IsAdmin: false, "2.93", ignoresFilters, HidesVersions: false), [],
        [ResourceKind.Volume, ResourceKind.Volume]);

    private static async Task RunAsync(CloudWeather weather, (ResourceKind, (string, string))[] foreign, ResourceKind[] own)
    {
        await using var fake = await FakeOpenStack.StartAsync();
        var population = new Population(fake);
        foreach (var (kind, (project, mark)) in foreign)
        {
            var id = population.Add(kind, isOwn: false, project, mark, mark);
            if (kind == ResourceKind.Volume)
            {
                population.AddSnapshot(id, isOwn: false);
            }
        }
        foreach (var kind in own)
        {
            var id = population.Add(kind, isOwn: true, "p1", Mark, "else", Mark);
            if (kind == ResourceKind.Volume)
            {
                population.AddSnapshot(id, isOwn: true);
            }
        }
        weather.Over(fake);

        await using var cloud = fake.Client();
        var error = await Record.ExceptionAsync(async () =>
        {
            await using (cloud.Scope(Mark))
            {
            }
        });

        Assert.Empty(population.ForeignGone());
        var left = population.OwnLeft();
        Assert.True(error is not null || left.Count == 0, $"left without an error: {string.Join(", ", left)}");
        if (weather.Faults.Length == 0 && Version.Parse(weather.MaxMicroversion) >= new Version(2, 26))
        {
            Assert.Null(error);
        }
    }
}
