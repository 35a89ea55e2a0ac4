using System.Text.Json.Serialization;

namespace Faafo.OpenStack.KeyManagement;

/// <summary>What a secret is. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<SecretType>))]
public readonly record struct SecretType(string Value) : IExtensibleValue<SecretType>
{
    /// <summary>A certificate (<c>certificate</c>).</summary>
    public static SecretType Certificate { get; } = new("certificate");

    /// <summary>Anything, such as a PKCS #12 bundle (<c>opaque</c>).</summary>
    public static SecretType Opaque { get; } = new("opaque");

    /// <summary>A passphrase (<c>passphrase</c>).</summary>
    public static SecretType Passphrase { get; } = new("passphrase");

    /// <summary>A private key (<c>private</c>).</summary>
    public static SecretType Private { get; } = new("private");

    /// <summary>A public key (<c>public</c>).</summary>
    public static SecretType Public { get; } = new("public");

    /// <summary>A symmetric key (<c>symmetric</c>).</summary>
    public static SecretType Symmetric { get; } = new("symmetric");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator SecretType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
