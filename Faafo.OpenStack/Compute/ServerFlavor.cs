namespace Faafo.OpenStack.Compute;

/// <summary>The size of a server.</summary>
public sealed record ServerFlavor
{
    /// <summary>The flavor's id, before microversion 2.47.</summary>
    public string? Id { get; init; }

    /// <summary>The flavor's name when the server was created, from microversion 2.47 on.</summary>
    public string? OriginalName { get; init; }

    /// <summary>The number of virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>The memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>The root disk in GiB.</summary>
    public int Disk { get; init; }
}
