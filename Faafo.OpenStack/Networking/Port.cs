using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A plug in a network.</summary>
public sealed record Port
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, often empty.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The network.</summary>
    public required string NetworkId { get; init; }

    /// <summary>ACTIVE, DOWN, BUILD or ERROR.</summary>
    public string? Status { get; init; }

    /// <summary>What is plugged in: a server's or router's id.</summary>
    public string? DeviceId { get; init; }

    /// <summary>What kind of thing is plugged in, such as <c>compute:nova</c> or <c>network:router_interface</c>.</summary>
    public string? DeviceOwner { get; init; }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<FixedIp> FixedIps { get => field ?? []; init; }

    /// <summary>The ids of its security groups.</summary>
    public IReadOnlyList<string> SecurityGroups { get => field ?? []; init; }

    /// <summary>The MAC address.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
