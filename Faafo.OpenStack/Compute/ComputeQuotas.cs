namespace Faafo.OpenStack.Compute;

/// <summary>The quotas of a project; -1 means unlimited.</summary>
public sealed record ComputeQuotas
{
    /// <summary>Servers.</summary>
    public int Instances { get; init; }

    /// <summary>Virtual processors.</summary>
    public int Cores { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>Key pairs per user.</summary>
    public int KeyPairs { get; init; }

    /// <summary>Server groups.</summary>
    public int ServerGroups { get; init; }
}
