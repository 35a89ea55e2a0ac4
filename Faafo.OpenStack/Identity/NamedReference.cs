namespace Faafo.OpenStack;

/// <summary>A user, project, domain or role.</summary>
public sealed record NamedReference
{
    /// <summary>The id.</summary>
    public string? Id { get; init; }

    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The domain it belongs to.</summary>
    public NamedReference? Domain { get; init; }
}
