namespace Faafo.OpenStack;

/// <summary>The services of a cloud, as listed in the token.</summary>
/// <param name="Services">The services in Keystone's order.</param>
public sealed record ServiceCatalog(IReadOnlyList<CatalogService> Services)
{
    /// <summary>The regions that have any endpoint.</summary>
    public IReadOnlyList<string> Regions =>
        [.. Services.SelectMany(service => service.Endpoints).Select(endpoint => endpoint.RegionName).OfType<string>().Distinct()];

    /// <summary>The entries that could not be read, with the reason; the others can be used.</summary>
    public IReadOnlyList<string> Unreadable => [.. UnreadableEntries.Select(entry => entry.Reason)];

    internal IReadOnlyList<UnreadableCatalogEntry> UnreadableEntries { get; init; } = [];

    /// <summary>Checks whether the catalog lists a service in any region.</summary>
    public bool Has(ServiceType type) => Services.Any(service => Names(type).Contains(service.Type));

    /// <summary>Finds the address of a service: the first name, interface and endpoint that match win.</summary>
    /// <exception cref="EndpointNotFoundException">
    /// No endpoint matches, or the catalog has several regions and none is chosen: services would come from different ones.
    /// </exception>
    public Uri Find(ServiceType type, IReadOnlyList<string> interfaces, string? region)
    {
        if (region is null && Regions.Count > 1)
        {
            throw new EndpointNotFoundException(SeveralRegions(Regions), Available());
        }
        var matches =
            from name in Names(type)
            from wanted in interfaces
            from service in Services
            where service.Type == name
            from endpoint in service.Endpoints
            where endpoint.InterfaceName == wanted && (region is null || endpoint.RegionId == region || endpoint.Region == region)
            select endpoint.Url ?? "";
        var url = matches.FirstOrDefault() ?? throw Missing(type, interfaces, region);
        if (Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }
        throw new EndpointNotFoundException(
            $"the catalog's address of {type.Name} in region {region ?? "(any)"} is '{url}', which is not an http or https address: "
            + $"have it corrected, or set {type.SettingPrefixes.First()}_endpoint_override in clouds.yaml",
            []);
    }

    internal static string SeveralRegions(IReadOnlyList<string> regions) =>
        $"the catalog has several regions and none is chosen: set region_name to one of: {string.Join(", ", regions)}";

    private static IEnumerable<string> Names(ServiceType type) => type.Aliases.Prepend(type.Name);

    private EndpointNotFoundException Missing(ServiceType type, IReadOnlyList<string> interfaces, string? region)
    {
        var available = Available();
        var unreadable = UnreadableEntries.Where(entry => entry.Type is null || Names(type).Contains(entry.Type))
            .Select(entry => $"; unreadable: {entry.Reason}");
        var problem = (Services.Count, Regions.Count == 0 || region is null || Regions.Contains(region)) switch
        {
            (0, _) => "the catalog is empty because the token has no project: set project_name",
            (_, false) => $"there is no region '{region}', only: {string.Join(", ", Regions)}",
            _ => $"the catalog has: {string.Join("; ", available)}",
        };
        var interfacesThere = Services.Where(service => Names(type).Contains(service.Type)).SelectMany(service => service.Endpoints)
            .Where(endpoint => region is null || endpoint.RegionId == region || endpoint.Region == region)
            .Select(endpoint => endpoint.InterfaceName).Distinct().ToList();
        var advice = interfacesThere.Count == 0 ? "" : $"; set interface to {string.Join(" or ", interfacesThere)} in clouds.yaml";
        return new EndpointNotFoundException(
            $"no {string.Join(" or ", interfaces)} endpoint of {type.Name} in region {region ?? "(any)"}: "
            + problem + advice + string.Concat(unreadable),
            available);
    }

    private List<string> Available() =>
    [
        .. Services
            .SelectMany(service => service.Endpoints.Select(endpoint => $"{service.Type} {endpoint.InterfaceName} {endpoint.RegionName}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];
}
