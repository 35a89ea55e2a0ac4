namespace Faafo.OpenStack.Networking;

/// <summary>A router to create.</summary>
/// <param name="Name">The name.</param>
public sealed record NewRouter(string Name)
{
    /// <summary>The external network of its gateway; <c>null</c> for none.</summary>
    public GatewayInfo? ExternalGatewayInfo { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
