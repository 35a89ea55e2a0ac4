namespace Faafo.OpenStack.Images;

/// <summary>Changes of an image; <c>null</c> leaves a property unchanged.</summary>
public sealed record ImageUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>public (administrators only), private, shared or community.</summary>
    public ImageVisibility? Visibility { get; init; }

    /// <summary>The least root disk in GiB.</summary>
    public int? MinDisk { get; init; }

    /// <summary>The least memory in MiB.</summary>
    public int? MinRam { get; init; }

    /// <summary>Whether the image cannot be deleted.</summary>
    public bool? IsProtected { get; init; }

    /// <summary>Whether lists leave the image out, such as one that a newer build replaces.</summary>
    public bool? IsHidden { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>
    /// Further properties to set, such as <c>hw_disk_bus</c>; a <c>null</c> value removes one that exists, properties that are not listed
    /// stay.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Properties { get; init; }
}
