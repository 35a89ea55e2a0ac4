using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A network.</summary>
public sealed record Network : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The status.</summary>
    public NetworkStatus? Status { get; init; }

    /// <summary>Whether it passes packets.</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool AdminStateUp { get; init; }

    /// <summary>Whether new ports have port security unless they say otherwise; <c>null</c> if the cloud has none.</summary>
    public bool? PortSecurityEnabled { get; init; }

    /// <summary>Its subnets' ids.</summary>
    public IReadOnlyList<string> Subnets { get => field ?? []; init; }

    /// <summary>Whether floating addresses come from it.</summary>
    [JsonPropertyName("router:external")]
    public bool IsExternal { get; init; }

    /// <summary>Whether all projects may use it.</summary>
    public bool Shared { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }

    /// <summary>The largest packet in bytes.</summary>
    public int? Mtu { get; init; }
}
