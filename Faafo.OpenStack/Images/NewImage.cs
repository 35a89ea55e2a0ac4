namespace Faafo.OpenStack.Images;

/// <summary>An image to be created.</summary>
/// <param name="Name">The name.</param>
public sealed record NewImage(string Name)
{
    /// <summary>The format.</summary>
    public DiskFormat DiskFormat { get; init; } = DiskFormat.Qcow2;

    /// <summary>The archive that it is in.</summary>
    public ContainerFormat ContainerFormat { get; init; } = ContainerFormat.Bare;

    /// <summary>Who may use it; <c>null</c> for the cloud's default.</summary>
    public ImageVisibility? Visibility { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
