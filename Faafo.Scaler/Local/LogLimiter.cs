using Faafo.Scaler.Control;

namespace Faafo.Scaler.Local;

/// <summary>Keeps the logs of the local instances from filling the disk.</summary>
internal sealed partial class LogLimiter(LocalInstances instances, TimeProvider time, ILogger<LogLimiter> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is stopped.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Repeat.UntilStoppedAsync(_ => LimitAsync(), e => NotLimited(log, e.Message), () => Interval, time, stop);

    private Task LimitAsync()
    {
        instances.Records.Logs.Limit(instances.Records.List().Select(record => record.Name));
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 3251, Level = LogLevel.Warning, Message = "Log of an instance not limited: {Reason}")]
    private static partial void NotLimited(ILogger log, string reason);
}
