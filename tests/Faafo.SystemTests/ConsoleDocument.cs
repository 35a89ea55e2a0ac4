using System.Text.RegularExpressions;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>Runs the console blocks of documents as written.</summary>
internal static partial class ConsoleDocument
{
    /// <summary>The root of the tree.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>A command behind "$ ", and the lines that the document shows below it.</summary>
    public sealed record Step(string Command, IReadOnlyList<string> Output);

    /// <summary>Reads the commands of a document's console blocks, each with the output shown.</summary>
    public static List<Step> Read(params string[] path)
    {
        var steps = new List<Step>();
        List<string>? output = null;
        foreach (var line in File.ReadLines(Path.Combine([Root, .. path])))
        {
            if (line.StartsWith("    $ ", StringComparison.Ordinal))
            {
                steps.Add(new Step(line[6..], output = []));
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                output?.Add(line[4..]);
            }
            else
            {
                output = null;
            }
        }
        return steps;
    }

    /// <summary>Returns an environment that isolates a run, with its own port, home and state directory.</summary>
    public static Dictionary<string, string> IsolatedEnvironment(string folder)
    {
        var port = FreePort.Next();
        return new()
        {
            ["FAAFO_STATE_DIR"] = Path.Combine(folder, "state"),
            ["FAAFO_PORT"] = $"{port}",
            ["FAAFO_URLS"] = $"http://127.0.0.1:{port}",
            ["FAAFO_ENDPOINT_URL"] = $"http://127.0.0.1:{port}",
            ["HOME"] = folder,
        };
    }

    /// <summary>
    /// Runs commands in one shell that stops at the first failure, and compares each output with the one shown. $PWD is the root of the
    /// tree; files that the commands write go to the folder.
    /// </summary>
    public static async Task<string> RunAsync(
        IReadOnlyList<Step> steps, Dictionary<string, string> environment, string folder, CancellationToken cancellationToken)
    {
        const string mark = "== step";
        var script = "set -e -m\nexec 2>&1\n" + string.Join('\n', steps.Select(step => $"echo '{mark}'\n" + step.Command
            .Replace("$PWD", Root, StringComparison.Ordinal)
            .Replace("Faafo.Cli/install", $"{Root}/Faafo.Cli/install", StringComparison.Ordinal)));
        await using var shell = ChildProcess.Start("bash", ["-c", script], environment, folder);
        var exitCode = await shell.WaitAsync(cancellationToken);
        Assert.True(exitCode == 0, $"{shell}");
        foreach (var (step, output) in steps.Zip(shell.Output.Split(mark + "\n")[1..]))
        {
            Assert.True(step.Output.Count == 0 || Pattern(step.Output).IsMatch(Mask(output)), $"$ {step.Command}\n{output}");
        }
        return shell.Output;
    }

    // A lone "..." stands for any lines.
    private static Regex Pattern(IEnumerable<string> lines) => new("^" + string.Concat(lines.Select(line =>
        line == "..." ? @"(?:.*\n)*?" : Regex.Escape(Mask(line)) + @"\n")) + "$", RegexOptions.CultureInvariant);

    // Masks values that differ from run to run: times, durations, and the number of a worker.
    private static string Mask(string text) => Varying().Replace(text, "#");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ|\d+\.\d{6} seconds *|app-worker-\d+")]
    private static partial Regex Varying();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Faafo.sln")))
        {
            folder = folder.Parent!;
        }
        return folder.FullName;
    }
}
