using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Queueing;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo queue</c>: what waits, what is worked on, and how fast both change.</summary>
internal static class QueueCommand
{
    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("queue", "Show the task queue"),
        async (_, session, cancellationToken) =>
        {
            var report = await session.Api.GetQueueAsync(cancellationToken);
            if (session.IsJson)
            {
                JsonText.Write(session.Output, report, FaafoJson.Default.QueueReport);
            }
            else
            {
                WriteTable(session.Output, report);
            }
            return 0;
        });

    /// <summary>The report as a table.</summary>
    public static void WriteTable(TextWriter output, QueueReport report) => TableWriter.Write(output, ["Parameter", "Value"],
    [
        ["ready", Cell.Of(report.Ready)],
        ["in_flight", Cell.Of(report.InFlight)],
        ["consumers", Cell.Of(report.Consumers)],
        ["unpublished", Cell.Of(report.Unpublished)],
        ["unfinished", Cell.Of(report.Unfinished)],
        ["oldest_age", Cell.Of(report.OldestAge, "F1", " seconds")],
        ["arrivals", Cell.Of(report.ArrivalsPerSecond, "F2", " per second")],
        ["completions", Cell.Of(report.CompletionsPerSecond, "F2", " per second")],
        ["work_waiting", Cell.Of(report.WorkWaiting, unit: " pixels x iterations")],
        ["work", Cell.Of(report.WorkPerSecond, "F0", " pixels x iterations per second")],
    ]);
}
