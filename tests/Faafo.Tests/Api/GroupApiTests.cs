using Faafo.Nodes;
using Xunit;

namespace Faafo.Tests.Api;

/// <summary>Overrides have versions: no operator undoes what another has just done.</summary>
public sealed class GroupApiTests(TestApi api) : IClassFixture<TestApi>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_of_an_old_version_is_rejected()
    {
        var first = await api.Client.PutGroupAsync(new GroupOverrides("old", Paused: false, Size: 2) { Version = 0 }, Cancelled);
        Assert.Equal(1, first.Version);
        var paused = await api.Client.PutGroupAsync(first with { Paused = true }, Cancelled);
        Assert.Equal(2, paused.Version);

        var error = await Assert.ThrowsAsync<FaafoApiException>(() => api.Client.PutGroupAsync(first with { Size = 3 }, Cancelled));

        Assert.Equal((409, Problem.OverridesChanged), (error.Status, error.Type));
        Assert.Equal("the overrides of group old no longer have version 1: read them again", error.Message);
        Assert.Equal(paused, await FindAsync("old"));
    }

    [Fact]
    public async Task First_override_is_rejected_when_another_was_first()
    {
        await api.Client.PutGroupAsync(new GroupOverrides("first", Paused: true, Size: null), Cancelled);

        await Assert.ThrowsAsync<FaafoApiException>(() =>
            api.Client.PutGroupAsync(new GroupOverrides("first", Paused: false, Size: 3) { Version = 0 }, Cancelled));
        Assert.True((await FindAsync("first")).Paused);
    }

    [Fact]
    public async Task Concurrent_changes_of_many_operators_are_all_kept()
    {
        var ids = Enumerable.Range(1, 8).Select(number => $"id-{number}").ToArray();

        await Task.WhenAll(ids.Select(id => api.Client.ChangeGroupAsync(
            "busy", current => current with { Replace = [.. current.Replace ?? [], id] }, Cancelled)));

        var kept = await FindAsync("busy");
        Assert.Equal(ids, kept.Replace!.Order());
        Assert.Equal(ids.Length, kept.Version);
    }

    [Fact]
    public async Task Negative_version_is_rejected()
    {
        var error = await Assert.ThrowsAsync<FaafoApiException>(() =>
            api.Client.PutGroupAsync(new GroupOverrides("negative", Paused: false, Size: null) { Version = -1 }, Cancelled));

        Assert.Contains("version must be", error.Message, StringComparison.Ordinal);
    }

    private async Task<GroupOverrides> FindAsync(string group) =>
        (await api.Client.GetGroupsAsync(Cancelled)).Single(overrides => overrides.Group == group);
}
