namespace Faafo.OpenStack.Images;

/// <summary>An image to be created.</summary>
/// <param name="Name">The name.</param>
public sealed record NewImage(string Name)
{
    /// <summary>raw, qcow2 and others.</summary>
    public string DiskFormat { get; init; } = "qcow2";

    /// <summary>bare, unless the image is in an archive such as ova.</summary>
    public string ContainerFormat { get; init; } = "bare";

    /// <summary>public (administrators only), private, shared or community.</summary>
    public string? Visibility { get; init; }

    /// <summary>The tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
