namespace Faafo.OpenStack.Compute;

/// <summary>A size of server.</summary>
public sealed record Flavor
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>The memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>The root disk in GiB.</summary>
    public int Disk { get; init; }
}
