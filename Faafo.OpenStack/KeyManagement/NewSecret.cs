using System.Globalization;

namespace Faafo.OpenStack.KeyManagement;

/// <summary>A secret to store.</summary>
/// <param name="Name">The name.</param>
/// <param name="Payload">
/// The bytes; for a load balancer a PKCS #12 bundle of certificate and key without a password, as
/// <c>X509Certificate2.Export(X509ContentType.Pkcs12)</c> writes it.
/// </param>
public sealed record NewSecret(string Name, ReadOnlyMemory<byte> Payload)
{
    /// <summary>opaque, certificate, private, public, passphrase or symmetric.</summary>
    public string SecretType { get; init; } = "opaque";

    /// <summary>When Barbican deletes it; <c>null</c> for never.</summary>
    public DateTimeOffset? Expiration { get; init; }

    internal byte[] ToJson() => Json.Write(json =>
    {
        json.WriteString("name", Name);
        json.WriteString("secret_type", SecretType);
        if (Expiration is { } end)
        {
            json.WriteString("expiration", end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
        }
        json.WriteBase64String("payload", Payload.Span);
        json.WriteString("payload_content_type", "application/octet-stream");
        json.WriteString("payload_content_encoding", "base64");
    });
}
