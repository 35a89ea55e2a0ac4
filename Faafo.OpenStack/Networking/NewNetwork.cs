namespace Faafo.OpenStack.Networking;

/// <summary>A network to create.</summary>
/// <param name="Name">The name.</param>
public sealed record NewNetwork(string Name)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}
