using Microsoft.Extensions.Configuration;

namespace Faafo.Worker;

/// <summary>The worker's log: one line per event on the console.</summary>
internal static class WorkerLogging
{
    /// <summary>
    /// Creates the loggers. Levels come from environment variables as in ASP.NET Core: <c>Logging__LogLevel__Default=Debug</c>, or
    /// <c>Logging__LogLevel__Faafo.Worker.Heartbeat=Error</c> for one category. The default is Information.
    /// </summary>
    public static ILoggerFactory Create()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        return LoggerFactory.Create(logging => logging
            .AddConfiguration(configuration.GetSection("Logging"))
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss.fff ";
                console.UseUtcTimestamp = true;
            }));
    }
}
