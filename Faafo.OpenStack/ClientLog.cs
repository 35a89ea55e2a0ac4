using Microsoft.Extensions.Logging;

namespace Faafo.OpenStack;

/// <summary>The log messages of the client. None has a token, a password or a signature.</summary>
internal static partial class ClientLog
{
    /// <summary>The category of all messages.</summary>
    public const string Category = "Faafo.OpenStack";

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Logged in to {Cloud}; the token expires at {ExpiresAt:u}")]
    public static partial void LoggedIn(ILogger logger, string cloud, DateTimeOffset expiresAt);

    [LoggerMessage(
        EventId = 4002,
        Level = LogLevel.Information,
        Message = "{Service} rejected the token for {Method} {Route}; logging in again")]
    public static partial void TokenRejected(ILogger logger, string service, string method, string route);

    [LoggerMessage(
        EventId = 4003,
        Level = LogLevel.Warning,
        Message = "Renewing the token failed; the old one stays in use until {ExpiresAt:u}: {Reason}")]
    public static partial void RenewalFailed(ILogger logger, DateTimeOffset expiresAt, string reason);

    [LoggerMessage(
        EventId = 4011,
        Level = LogLevel.Information,
        Message = "Attempt {Attempt} of {MaxAttempts} of {Method} {Route} at {Service} failed, retrying in {Delay}: {Reason}")]
    public static partial void Retrying(
        ILogger logger, int attempt, int maxAttempts, string method, string route, string service, TimeSpan delay, string reason);

    [LoggerMessage(EventId = 4021, Level = LogLevel.Debug, Message = "Waiting for {Resource} since {Elapsed}: {Status}")]
    public static partial void Waiting(ILogger logger, string resource, TimeSpan elapsed, string status);

    [LoggerMessage(EventId = 4022, Level = LogLevel.Information, Message = "The wait for {Resource} ended after {Elapsed}: {Status}")]
    public static partial void Waited(ILogger logger, string resource, TimeSpan elapsed, string status);
}
