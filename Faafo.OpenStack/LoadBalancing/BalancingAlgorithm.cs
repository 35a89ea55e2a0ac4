using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>How a pool chooses the member for a connection. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<BalancingAlgorithm>))]
public readonly record struct BalancingAlgorithm(string Value) : IExtensibleValue<BalancingAlgorithm>
{
    /// <summary>One after another (<c>ROUND_ROBIN</c>).</summary>
    public static BalancingAlgorithm RoundRobin { get; } = new("ROUND_ROBIN");

    /// <summary>The one with the fewest connections (<c>LEAST_CONNECTIONS</c>).</summary>
    public static BalancingAlgorithm LeastConnections { get; } = new("LEAST_CONNECTIONS");

    /// <summary>By the address of the client (<c>SOURCE_IP</c>).</summary>
    public static BalancingAlgorithm SourceIP { get; } = new("SOURCE_IP");

    /// <summary>By the address and port of the client (<c>SOURCE_IP_PORT</c>).</summary>
    public static BalancingAlgorithm SourceIPPort { get; } = new("SOURCE_IP_PORT");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator BalancingAlgorithm(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
