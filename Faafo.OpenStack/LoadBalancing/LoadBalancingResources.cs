using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>A load balancer.</summary>
public sealed record LoadBalancer
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>ACTIVE, PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE, ERROR: only ACTIVE takes changes.</summary>
    public required string ProvisioningStatus { get; init; }

    /// <summary>ONLINE, OFFLINE, DEGRADED and others: what the traffic sees.</summary>
    public string? OperatingStatus { get; init; }

    /// <summary>The address that clients connect to.</summary>
    public string? VipAddress { get; init; }

    /// <summary>The port of that address, for a floating address.</summary>
    public string? VipPortId { get; init; }

    /// <summary>The project it belongs to.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The same under the name that older services use.</summary>
    [JsonInclude]
    internal string? TenantId { init => ProjectId ??= value; }
}

/// <summary>A port that a balancer listens on.</summary>
public sealed record Listener
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>HTTP, HTTPS, TCP, UDP and others.</summary>
    public string? Protocol { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>The pool that gets the traffic.</summary>
    public string? DefaultPoolId { get; init; }

    /// <summary>As of a balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}

/// <summary>A listener to be made.</summary>
/// <param name="LoadbalancerId">The balancer.</param>
/// <param name="Protocol">HTTP, HTTPS, TCP, UDP and others.</param>
/// <param name="ProtocolPort">The port, 1 to 65535.</param>
public sealed record NewListener(string LoadbalancerId, string Protocol, int ProtocolPort)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The pool that gets the traffic, if it exists already.</summary>
    public string? DefaultPoolId { get; init; }
}

/// <summary>Servers that share the traffic.</summary>
public sealed record Pool
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>HTTP, HTTPS, TCP, UDP and others.</summary>
    public string? Protocol { get; init; }

    /// <summary>ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</summary>
    public string? LbAlgorithm { get; init; }

    /// <summary>As of a balancer.</summary>
    public string? ProvisioningStatus { get; init; }
}

/// <summary>A pool to be made.</summary>
/// <param name="Protocol">HTTP, HTTPS, TCP, UDP and others.</param>
/// <param name="LbAlgorithm">ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP and others.</param>
public sealed record NewPool(string Protocol, string LbAlgorithm = "ROUND_ROBIN")
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The listener whose traffic it gets; <c>null</c> for a pool of the balancer's that no listener uses yet.</summary>
    public string? ListenerId { get; init; }

    [JsonInclude]
    internal string? LoadbalancerId { get; init; }
}

/// <summary>A server in a pool.</summary>
public sealed record Member
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The address.</summary>
    public required string Address { get; init; }

    /// <summary>The port.</summary>
    public int ProtocolPort { get; init; }

    /// <summary>The share of the traffic, 0 to 256; 0 drains it.</summary>
    public int Weight { get; init; }

    /// <summary>As of a balancer.</summary>
    public string? ProvisioningStatus { get; init; }

    /// <summary>ONLINE, ERROR, NO_MONITOR and others.</summary>
    public string? OperatingStatus { get; init; }
}

/// <summary>A member to be added.</summary>
/// <param name="Address">The address.</param>
/// <param name="ProtocolPort">The port, 1 to 65535.</param>
public sealed record NewMember(string Address, int ProtocolPort)
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>The subnet that the address is in, unless the balancer's own leads there.</summary>
    public string? SubnetId { get; init; }

    /// <summary>The share of the traffic, 0 to 256.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>How a pool's members are checked.</summary>
public sealed record HealthMonitor
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>HTTP, HTTPS, PING, TCP and others.</summary>
    public string? Type { get; init; }

    /// <summary>The seconds between checks.</summary>
    public int Delay { get; init; }

    /// <summary>The seconds that a check may take.</summary>
    public int Timeout { get; init; }

    /// <summary>How many good checks bring a member back.</summary>
    public int MaxRetries { get; init; }
}

/// <summary>A monitor to be made.</summary>
/// <param name="PoolId">The pool.</param>
/// <param name="Type">HTTP, HTTPS, PING, TCP and others.</param>
/// <param name="Delay">The seconds between checks.</param>
/// <param name="Timeout">The seconds that a check may take, less than <paramref name="Delay"/>.</param>
/// <param name="MaxRetries">How many good checks bring a member back, 1 to 10.</param>
public sealed record NewHealthMonitor(string PoolId, string Type, int Delay = 5, int Timeout = 3, int MaxRetries = 2)
{
    /// <summary>The path that HTTP checks ask for.</summary>
    public string? UrlPath { get; init; }
}

/// <summary>A balancer to be made.</summary>
/// <param name="Name">The name.</param>
/// <param name="VipSubnetId">The subnet of its address.</param>
public sealed record NewLoadBalancer(string Name, string VipSubnetId)
{
    /// <summary>Free text.</summary>
    public string? Description { get; init; }
}


internal sealed record MemberWeight(int Weight);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadBalancer))]
[JsonSerializable(typeof(NewLoadBalancer))]
[JsonSerializable(typeof(Listener))]
[JsonSerializable(typeof(NewListener))]
[JsonSerializable(typeof(Pool))]
[JsonSerializable(typeof(NewPool))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(NewMember))]
[JsonSerializable(typeof(MemberWeight))]
[JsonSerializable(typeof(HealthMonitor))]
[JsonSerializable(typeof(NewHealthMonitor))]
internal sealed partial class LoadBalancingJson : JsonSerializerContext;
