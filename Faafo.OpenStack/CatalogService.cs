namespace Faafo.OpenStack;

/// <summary>A service in the catalog.</summary>
public sealed record CatalogService
{
    /// <summary>The type, such as <c>compute</c>; clouds may also use an alias, such as <c>volumev3</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The name, such as <c>nova</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The addresses of the service.</summary>
    public IReadOnlyList<CatalogEndpoint> Endpoints { get => field ?? []; init; }
}
