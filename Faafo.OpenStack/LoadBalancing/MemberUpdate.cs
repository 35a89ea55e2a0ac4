using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Changes of a member; <c>null</c> leaves a property unchanged. Its address and port cannot change.</summary>
public sealed record MemberUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The share of the traffic, 0 to 256; 0 drains it.</summary>
    public int? Weight { get; init; }

    /// <summary>Whether it receives traffic only while all other members are in error.</summary>
    public bool? Backup { get; init; }

    /// <summary>The address for the monitor to check; an empty text removes it.</summary>
    [JsonConverter(typeof(ClearableTextConverter))]
    public string? MonitorAddress { get; init; }

    /// <summary>The port for the monitor to check.</summary>
    public int? MonitorPort { get; init; }

    /// <summary>Whether the member is enabled.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>All tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}
