namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The account of a project: what it stores, and how much it may store.</summary>
public sealed record Account
{
    /// <summary>The number of containers.</summary>
    public long ContainerCount { get; init; }

    /// <summary>The number of objects; Swift updates it with some delay.</summary>
    public long ObjectCount { get; init; }

    /// <summary>The bytes of all objects; Swift updates it with some delay.</summary>
    public long Bytes { get; init; }

    /// <summary>The limit of <see cref="Bytes"/>; <c>null</c> when there is none.</summary>
    public long? QuotaBytes { get; init; }

    /// <summary>The metadata, by names whose case does not matter, without keys of temporary URLs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }
}
