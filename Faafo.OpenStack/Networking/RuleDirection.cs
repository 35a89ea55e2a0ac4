using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Networking;

/// <summary>The direction of the traffic that a rule allows. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<RuleDirection>))]
public readonly record struct RuleDirection(string Value) : IExtensibleValue<RuleDirection>
{
    /// <summary>To the members of the group (<c>ingress</c>).</summary>
    public static RuleDirection Ingress { get; } = new("ingress");

    /// <summary>From the members of the group (<c>egress</c>).</summary>
    public static RuleDirection Egress { get; } = new("egress");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator RuleDirection(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
