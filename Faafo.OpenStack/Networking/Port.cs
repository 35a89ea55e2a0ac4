using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A port: the connection of a device to a network.</summary>
public sealed record Port : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, often empty.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The status.</summary>
    public PortStatus? Status { get; init; }

    /// <summary>The id of the server or router that it belongs to.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The kind of device, such as <c>compute:nova</c> or <c>network:router_interface</c>.</summary>
    public string? DeviceOwner { get; init; }

    /// <summary>The addresses.</summary>
    [JsonPropertyName("fixed_ips")]
    public IReadOnlyList<FixedIP> FixedIPs { get => field ?? []; init; }

    /// <summary>The ids of its security groups.</summary>
    public IReadOnlyList<string> SecurityGroups { get => field ?? []; init; }

    /// <summary>Whether it passes packets.</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool AdminStateUp { get; init; }

    /// <summary>Further addresses that it may send from.</summary>
    public IReadOnlyList<AllowedAddressPair> AllowedAddressPairs { get => field ?? []; init; }

    /// <summary>Whether Neutron filters its traffic; <c>null</c> if the cloud has no port security.</summary>
    public bool? PortSecurityEnabled { get; init; }

    /// <summary>The MAC address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
