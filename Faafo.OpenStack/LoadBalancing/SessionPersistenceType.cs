using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>How a balancer recognises a client. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<SessionPersistenceType>))]
public readonly record struct SessionPersistenceType(string Value) : IExtensibleValue<SessionPersistenceType>
{
    /// <summary>By a cookie of the application (<c>APP_COOKIE</c>).</summary>
    public static SessionPersistenceType AppCookie { get; } = new("APP_COOKIE");

    /// <summary>By a cookie of the balancer (<c>HTTP_COOKIE</c>).</summary>
    public static SessionPersistenceType HttpCookie { get; } = new("HTTP_COOKIE");

    /// <summary>By the client's address (<c>SOURCE_IP</c>).</summary>
    public static SessionPersistenceType SourceIP { get; } = new("SOURCE_IP");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator SessionPersistenceType(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
