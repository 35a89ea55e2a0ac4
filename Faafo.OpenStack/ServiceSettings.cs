namespace Faafo.OpenStack;

/// <summary>The settings of one service in clouds.yaml.</summary>
public sealed record ServiceSettings
{
    internal static readonly ServiceSettings None = new();

    /// <summary>The address to use instead of the catalog's.</summary>
    public Uri? EndpointOverride { get; init; }

    /// <summary>The interfaces to use for this service; <c>null</c> takes the cloud's.</summary>
    public IReadOnlyList<string>? Interfaces { get; init; }

    /// <summary>The microversion of requests, such as <c>2.79</c>; <c>null</c> negotiates.</summary>
    public string? DefaultMicroversion { get; init; }
}
