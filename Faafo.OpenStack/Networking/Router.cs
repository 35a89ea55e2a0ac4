using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>A router.</summary>
public sealed record Router : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>The status.</summary>
    public RouterStatus? Status { get; init; }

    /// <summary>Whether it passes packets.</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool AdminStateUp { get; init; }

    /// <summary>The routes besides those to its subnets.</summary>
    public IReadOnlyList<Route> Routes { get => field ?? []; init; }

    /// <summary>The external network, if it has one.</summary>
    public GatewayInfo? ExternalGatewayInfo { get; init; }

    /// <summary>The project of the resource.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The project under its older name.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}
