using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>The quota of one kind of resource, and how much of it is used.</summary>
public sealed record QuotaUsage
{
    /// <summary>The number of resources.</summary>
    public long Used { get; init; }

    /// <summary>The number of resources that are being created.</summary>
    public long Reserved { get; init; }

    /// <summary>The most that there may be; -1 means unlimited.</summary>
    public required long Limit { get; init; }

    // Cinder's name of the number of resources, 0 in Neutron's answers; it is set after Used.
    [JsonInclude]
    internal long InUse { init => Used += value; }
}
