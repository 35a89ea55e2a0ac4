namespace Faafo.OpenStack;

/// <summary>The services of a cloud, as the token lists them.</summary>
/// <param name="Services">The services in Keystone's order.</param>
public sealed record ServiceCatalog(IReadOnlyList<CatalogService> Services)
{
    /// <summary>The regions that have any endpoint.</summary>
    public IReadOnlyList<string> Regions =>
        [.. Services.SelectMany(service => service.Endpoints).Select(endpoint => endpoint.RegionName).OfType<string>().Distinct()];

    /// <summary>Whether the catalog knows a service at all, in whichever region.</summary>
    public bool Has(ServiceType type) => Services.Any(service => Names(type).Contains(service.Type));

    /// <summary>The address of a service: the first name, the first interface and the first endpoint that match win.</summary>
    /// <exception cref="EndpointNotFoundException">Nothing matches.</exception>
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
        return matches.FirstOrDefault() is not { } url ? throw Missing(type, interfaces, region)
            : Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
            : throw new EndpointNotFoundException(
                $"The catalog's address of {type.Name} in region {region ?? "(any)"} is '{url}', which is no http or https address: "
                + $"have it corrected, or set {type.SettingPrefixes.First()}_endpoint_override in clouds.yaml.",
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
            (0, _) => "the catalog is empty, as it is for a token without a project: set project_name",
            (_, false) => $"there is no region '{region}', only: {string.Join(", ", Regions)}",
            _ => $"the catalog has: {string.Join("; ", available)}",
        };
        return new EndpointNotFoundException(
            $"No {string.Join(" or ", interfaces)} endpoint of {type.Name} in region {region ?? "(any)"}: {problem}.", available);
    }
}
