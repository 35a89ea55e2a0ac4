using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A part of the cloud that a server can be placed in.</summary>
public sealed record AvailabilityZone : ServiceResource
{
    /// <summary>The name.</summary>
    [JsonPropertyName("zoneName")]
    public required string Name { get; init; }

    /// <summary>Whether servers can be created in it now.</summary>
    [JsonIgnore]
    public bool IsAvailable => State.Available;

    [JsonInclude, JsonPropertyName("zoneState")]
    internal AvailabilityZoneState State { get => field ?? new AvailabilityZoneState(false); init; }
}
