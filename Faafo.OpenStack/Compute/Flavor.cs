using Faafo.OpenStack.Images;

namespace Faafo.OpenStack.Compute;

/// <summary>A size of server.</summary>
public sealed record Flavor : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>The memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>The root disk in GiB; 0 for a disk of the image's size.</summary>
    public int Disk { get; init; }

    /// <summary>Checks whether the memory and the disk are large enough for an image.</summary>
    public bool Fits(Image image) => Ram >= image.MinRam && (Disk == 0 || Disk >= image.RequiredDisk);
}
