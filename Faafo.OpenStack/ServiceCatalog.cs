namespace Faafo.OpenStack;

/// <summary>The services of a cloud, as listed in the token.</summary>
/// <param name="Services">The services in Keystone's order.</param>
public sealed record ServiceCatalog(IReadOnlyList<CatalogService> Services)
{
    /// <summary>The regions that have any endpoint.</summary>
    public IReadOnlyList<string> Regions =>
        [.. Services.SelectMany(service => service.Endpoints).Select(endpoint => endpoint.RegionName).OfType<string>().Distinct()];

    /// <summary>Checks whether the catalog lists a service in any region.</summary>
    public bool Has(ServiceType type) => Services.Any(service => Names(type).Contains(service.Type));

    /// <summary>Finds the address of a service: the first name, interface and endpoint that match win.</summary>
    /// <exception cref="EndpointNotFoundException">No endpoint matches.</exception>
    public Uri Find(ServiceType type, IReadOnlyList<string> interfaces, string? region)
    {
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

    private static IEnumerable<string> Names(ServiceType type) => type.Aliases.Prepend(type.Name);

    private EndpointNotFoundException Missing(ServiceType type, IReadOnlyList<string> interfaces, string? region)
    {
        var available = Services
            .SelectMany(service => service.Endpoints.Select(endpoint => $"{service.Type} {endpoint.InterfaceName} {endpoint.RegionName}"))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var problem = (Services.Count, Regions.Count == 0 || region is null || Regions.Contains(region)) switch
        {
            (0, _) => "the catalog is empty because the token has no project: set project_name",
            (_, false) => $"there is no region '{region}', only: {string.Join(", ", Regions)}",
            _ => $"the catalog has: {string.Join("; ", available)}",
        };
        return new EndpointNotFoundException(
            $"no {string.Join(" or ", interfaces)} endpoint of {type.Name} in region {region ?? "(any)"}: {problem}", available);
    }
}
