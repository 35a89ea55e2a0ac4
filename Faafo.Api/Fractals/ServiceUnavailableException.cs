namespace Faafo.Api.Fractals;

/// <summary>Something is behind or away: the client is told so, and to come again (503, Retry-After).</summary>
internal sealed class ServiceUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is said of a database that is behind or away.</summary>
    public const string NoAnswer = "the database does not answer: come again";
}
