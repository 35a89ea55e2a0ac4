namespace Faafo.OpenStack;

/// <summary>
/// Chooses the region of a cloud: among its <c>regions</c>, or among the names in <c>region_name</c> (a list, or a text with commas). The
/// cloud's own settings come before those of its profile. Without a wish the first is taken.
/// </summary>
internal static class RegionChoice
{
    /// <summary>Returns the settings with those of the region, and its name; <c>null</c> for a cloud without regions.</summary>
    /// <param name="cloud">The settings of the cloud, with those of its profile.</param>
    /// <param name="own">The settings of the cloud alone.</param>
    /// <param name="wanted">The name that was asked for.</param>
    public static (ConfigNode Cloud, string? Region) Choose(ConfigNode cloud, ConfigNode own, string? wanted)
    {
        var source = own.Members.ContainsKey("regions") || own.Members.ContainsKey("region_name") ? own : cloud;
        var regions = source.Members.TryGetValue("regions", out var list)
            ? [.. list.Items.Select(item => new Region(NameOf(item), item))]
            : Named(source.Members.GetValueOrDefault("region_name"));
        if (regions.Count == 0)
        {
            return (cloud, wanted);
        }
        // Where the file names a single region, another may still be asked for; a list is complete.
        if (list is null && regions.Count == 1)
        {
            return (cloud, wanted ?? regions[0].Name);
        }
        var chosen = wanted is null ? regions[0] : regions.Find(region => region.Name == wanted);
        if (chosen is null)
        {
            var where = regions[0].Node;
            throw new CloudConfigException(
                $"there is no region '{wanted}', only: {string.Join(", ", regions.Select(region => region.Name))}", where.File, where.Line);
        }
        return (chosen.Node.Members.TryGetValue("values", out var values) ? ConfigNode.Merge(cloud, values) : cloud, chosen.Name);
    }

    private static string NameOf(ConfigNode item) => item.Text ?? item.Get("name") ?? throw new CloudConfigException(
        "a region must be a name, or a mapping with name and values", item.File, item.Line);

    private static List<Region> Named(ConfigNode? node)
    {
        if (node is null)
        {
            return [];
        }
        return node.Items.Count > 0
            ? [.. node.Items.Select(item => new Region(NameOf(item), item))]
            : [.. (node.Text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => new Region(name, node))];
    }

    private sealed record Region(string Name, ConfigNode Node);
}
