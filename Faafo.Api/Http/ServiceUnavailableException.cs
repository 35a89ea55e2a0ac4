namespace Faafo.Api.Http;

/// <summary>Answers 503 with Retry-After: a service behind this API is unavailable or overloaded, and nothing was changed.</summary>
internal sealed class ServiceUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The message for a database that is unavailable or too slow.</summary>
    public const string Database = "the database is unavailable; retry later";
}
