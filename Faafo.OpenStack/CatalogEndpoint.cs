namespace Faafo.OpenStack;

/// <summary>The address of a service in one region at one interface.</summary>
public sealed record CatalogEndpoint
{
    /// <summary><c>public</c>, <c>internal</c> or <c>admin</c>; some clouds write <c>publicURL</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>The address.</summary>
    public required string Url { get; init; }

    /// <summary>The region's id.</summary>
    public string? RegionId { get; init; }

    /// <summary>The region's old name, nearly always the id.</summary>
    public string? Region { get; init; }

    internal string InterfaceName => Interface.EndsWith("URL", StringComparison.Ordinal) ? Interface[..^"URL".Length] : Interface;

    internal string? RegionName => RegionId ?? Region;
}
