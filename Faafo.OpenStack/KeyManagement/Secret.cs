using System.Text.Json.Serialization;

namespace Faafo.OpenStack.KeyManagement;

/// <summary>The properties of a secret, without its payload.</summary>
public sealed record Secret : ServiceResource
{
    /// <summary>The address, which other services refer to, such as <c>NewListener.DefaultTlsContainerRef</c>.</summary>
    [JsonPropertyName("secret_ref")]
    public required string Reference { get; init; }

    /// <summary>The id: the last part of <see cref="Reference"/>.</summary>
    [JsonIgnore]
    public string Id => Reference[(Reference.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/');

    /// <summary>The name, which need not be unique and may be missing.</summary>
    public string? Name { get; init; }

    /// <summary>opaque, certificate, private, public, passphrase or symmetric.</summary>
    public SecretType? SecretType { get; init; }

    /// <summary>ACTIVE or ERROR.</summary>
    public SecretStatus? Status { get; init; }

    /// <summary>The media type of the payload; <c>null</c> when there is none yet.</summary>
    [JsonIgnore]
    public string? ContentType => ContentTypes?.GetValueOrDefault("default");

    /// <summary>When it expires: Barbican no longer returns it then.</summary>
    public DateTimeOffset? Expiration { get; init; }

    /// <summary>When it was created.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset? CreatedAt { get; init; }

    [JsonInclude]
    internal Dictionary<string, string>? ContentTypes { get; init; }
}
