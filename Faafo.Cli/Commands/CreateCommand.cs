using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo create</c>: orders fractals, drawn at random where nothing is given.</summary>
internal static class CreateCommand
{
    private static readonly Column[] Columns = [new("UUID", 36), new("Dimensions", 20), new("Iterations", 10)];

    /// <summary>The command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var options = new CreateOptions();
        var command = new Command("create", "Order fractals; what is not given is drawn at random between its min and max");
        foreach (var option in options.All)
        {
            command.Add(option);
        }
        return shared.Run(command, (parsed, session, cancellationToken) => RunAsync(options.Read(parsed), session, cancellationToken));
    }

    private static async Task<int> RunAsync(CreateOrder order, CommandContext session, CancellationToken cancellationToken)
    {
        var (accepted, refused) = (new List<Fractal>(), new List<SubmissionResult>());
        try
        {
            await SubmitAsync(order, session, accepted, refused, cancellationToken);
            var failed = order.Wait && accepted.Count > 0 ? await WaitAsync(session, accepted, cancellationToken) : 0;
            return refused.Count + failed == 0 ? CommandLine.Done : CommandLine.Failed;
        }
        finally
        {
            // Also when it is interrupted: what has been accepted will be drawn.
            if (session.IsJson && accepted.Count + refused.Count > 0)
            {
                JsonText.Write(session.Output, json => Write(json, accepted, refused));
            }
        }
    }

    private static async Task SubmitAsync(
        CreateOrder order, CommandContext session, List<Fractal> accepted, List<SubmissionResult> refused, CancellationToken cancellationToken)
    {
        var table = new TableWriter(session.Output, Columns);
        try
        {
            await foreach (var answer in TaskSubmitter.SendAsync(session.Api, order.Draw(), session.Time, cancellationToken))
            {
                if (answer.Accepted is not { } fractal)
                {
                    refused.Add(answer);
                    session.Error.WriteLine($"refused: {answer.Refusal}");
                    continue;
                }
                accepted.Add(fractal);
                if (!session.IsJson)
                {
                    table.Row(fractal.Uuid.ToString(), Cell.Dimensions(fractal.Width, fractal.Height), Cell.Of(fractal.Iterations));
                }
            }
        }
        finally
        {
            if (accepted.Count > 0 && !session.IsJson)
            {
                table.End();
                session.Output.Flush();
            }
            if (accepted.Count + refused.Count > 0)
            {
                session.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accepted.Count} accepted, {refused.Count} refused"));
            }
        }
    }

    /// <summary>Waits for all, puts their last state in the list's place, and counts those that will never be seen.</summary>
    private static async Task<int> WaitAsync(CommandContext session, List<Fractal> accepted, CancellationToken cancellationToken)
    {
        var bar = new ProgressBar(session.Terminal, accepted.Count);
        var finished = await CompletionWaiter.WaitAsync(session.Api, accepted.Select(fractal => fractal.Uuid), bar.Show, session.Time, cancellationToken);
        var failed = 0;
        for (var i = 0; i < accepted.Count; i++)
        {
            var uuid = accepted[i].Uuid;
            accepted[i] = finished.GetValueOrDefault(uuid, accepted[i]);
            if (!finished.ContainsKey(uuid) || accepted[i].Status == FractalStatus.Failed)
            {
                failed++;
                session.Error.WriteLine($"{uuid}: {(finished.ContainsKey(uuid) ? $"failed: {accepted[i].Error}" : "deleted")}");
            }
        }
        return failed;
    }

    private static void Write(Utf8JsonWriter json, List<Fractal> accepted, List<SubmissionResult> refused)
    {
        json.WriteStartObject();
        json.WriteStartArray("accepted");
        foreach (var fractal in accepted)
        {
            JsonSerializer.Serialize(json, fractal, FaafoJson.Default.Fractal);
        }
        json.WriteEndArray();
        json.WriteStartArray("refused");
        foreach (var answer in refused)
        {
            json.WriteStartObject();
            json.WriteString("uuid", answer.Task.Uuid);
            json.WriteString("error", answer.Refusal);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
