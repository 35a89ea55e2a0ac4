using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Faafo.Cli.Output;
using Faafo.Fractals;
using Faafo.Options;

namespace Faafo.Cli.Commands;

/// <summary><c>faafo create</c>: creates fractals, with random values where none are given.</summary>
internal static class CreateCommand
{
    private static readonly Column[] Columns = [new("UUID", 36), new("Dimensions", 20), new("Iterations", 10)];

    /// <summary>Builds the command.</summary>
    public static Command Build(SharedOptions shared)
    {
        var options = new CreateOptions();
        var command = new Command("create", "Create fractals; values that are not given are drawn at random between min and max");
        foreach (var option in options.All)
        {
            command.Add(option);
        }
        return shared.Run(command, (parsed, context, cancellationToken) => RunAsync(options.Read(parsed), context, cancellationToken));
    }

    private static async Task<int> RunAsync(CreateRequest request, CommandContext context, CancellationToken cancellationToken)
    {
        var accepted = new List<Fractal>();
        var refused = new List<SubmissionResult>();
        try
        {
            await SubmitAsync(request, context, accepted, refused, cancellationToken);
            var failed = request.Wait && accepted.Count > 0 ? await WaitAsync(context, accepted, cancellationToken) : 0;
            return refused.Count + failed == 0 ? CommandLine.Done : CommandLine.Failed;
        }
        finally
        {
            // Also after Ctrl-C: the accepted fractals will be rendered.
            if (context.IsJson && accepted.Count + refused.Count > 0)
            {
                JsonText.Write(context.Output, json => Write(json, accepted, refused));
            }
        }
    }

    private static async Task SubmitAsync(CreateRequest request, CommandContext context, List<Fractal> accepted,
        List<SubmissionResult> refused, CancellationToken cancellationToken)
    {
        var table = new TableWriter(context.Output, Columns);
        try
        {
            await foreach (var result in TaskSubmitter.SubmitAsync(context.Api, request.Draw(), context.Time, cancellationToken))
            {
                if (result.Accepted is not { } fractal)
                {
                    refused.Add(result);
                    context.Error.WriteLine($"refused: {result.Refusal}");
                    continue;
                }
                accepted.Add(fractal);
                if (!context.IsJson)
                {
                    table.Row(fractal.Uuid.ToString(), Cell.Dimensions(fractal.Width, fractal.Height), Cell.Of(fractal.Iterations));
                }
            }
        }
        finally
        {
            if (accepted.Count > 0 && !context.IsJson)
            {
                table.End();
                context.Output.Flush();
            }
            if (accepted.Count + refused.Count > 0)
            {
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accepted.Count} accepted, {refused.Count} refused"));
            }
        }
    }

    /// <summary>Waits for all fractals, replaces them by their final state, and counts those that failed or were deleted.</summary>
    private static async Task<int> WaitAsync(CommandContext context, List<Fractal> accepted, CancellationToken cancellationToken)
    {
        var bar = new ProgressBar(context.Terminal, accepted.Count);
        var finished = await CompletionWaiter.WaitAsync(
            context.Api, accepted.Select(fractal => fractal.Uuid), bar.Show, context.Time, cancellationToken);
        var failed = 0;
        for (var i = 0; i < accepted.Count; i++)
        {
            var uuid = accepted[i].Uuid;
            accepted[i] = finished.GetValueOrDefault(uuid, accepted[i]);
            if (!finished.ContainsKey(uuid) || accepted[i].Status == FractalStatus.Failed)
            {
                failed++;
                context.Error.WriteLine($"{uuid}: {(finished.ContainsKey(uuid) ? $"failed: {accepted[i].Error}" : "deleted")}");
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
        foreach (var result in refused)
        {
            json.WriteStartObject();
            json.WriteString("uuid", result.Task.Uuid);
            json.WriteString("error", result.Refusal);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
