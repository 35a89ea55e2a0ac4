using System.Text.Json.Serialization;

namespace Faafo.OpenStack.KeyManagement;

/// <summary>The status of a secret. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<SecretStatus>))]
public readonly record struct SecretStatus(string Value) : IExtensibleValue<SecretStatus>
{
    /// <summary>It can be used (<c>ACTIVE</c>).</summary>
    public static SecretStatus Active { get; } = new("ACTIVE");

    /// <summary>It could not be stored (<c>ERROR</c>).</summary>
    public static SecretStatus Error { get; } = new("ERROR");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator SecretStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
