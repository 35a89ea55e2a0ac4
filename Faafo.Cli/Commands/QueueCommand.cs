using System.CommandLine;
using Faafo.Cli.Output;
using Faafo.Options;
using Faafo.Queueing;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo queue</c>: shows how much waits, how much is being rendered, and the rates of both.</summary>
internal static class QueueCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared) => shared.Run(new Command("queue", "Show the task queue"),
        async (_, context, cancellationToken) =>
        {
            var report = await context.Api.GetQueueAsync(cancellationToken);
            if (context.IsJson)
            {
                JsonText.Write(context.Output, report, FaafoJson.Default.QueueReport);
            }
            else
            {
                WriteTable(context.Output, report);
            }
            return CommandLine.Done;
        });

    /// <summary>Writes the report as a table.</summary>
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
