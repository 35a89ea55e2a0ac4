using System.Text;
using System.Text.RegularExpressions;

namespace Faafo.TestKit;

/// <summary>
/// docs/guide.rst and the sources of its chapters in samples/: below each comment ".. CHAPTER step-N" the guide shows the code of the step
/// and its output when the system tests last recorded it.
/// </summary>
public static partial class Guide
{
    /// <summary>The number of steps of each chapter, in the order of the guide.</summary>
    public static readonly IReadOnlyList<(string Name, int Steps)> Chapters =
    [
        ("getting_started", 17), ("introduction", 13), ("scaling_out", 7), ("durability", 14), ("block_storage", 8), ("networking", 12),
        ("orchestration", 11),
    ];

    private static readonly Lock Recording = new();

    public static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    public static string File { get; } = Path.Combine(Root, "docs", "guide.rst");

    [GeneratedRegex(@"^ *// step-(\d+)$")]
    private static partial Regex StepInSource();

    [GeneratedRegex(@"^step-(\d+): ")]
    private static partial Regex StepInOutput();

    [GeneratedRegex(@"^\.\. (\w+) step-(\d+)$")]
    private static partial Regex StepInGuide();

    /// <summary>Reads the steps of a chapter's source, without markers and common indentation.</summary>
    public static IReadOnlyDictionary<int, string> Steps(string chapter)
    {
        var lines = System.IO.File.ReadLines(Path.Combine(Root, "samples", chapter + ".cs"))
            .SkipWhile(line => !StepInSource().IsMatch(line)).TakeWhile(line => line != "}");
        return Split(lines.Select(line => line.StartsWith("    ", StringComparison.Ordinal) ? line[4..] : line), StepInSource(),
            keepsLine: false);
    }

    /// <summary>Splits the output of a chapter into that of each step.</summary>
    public static IReadOnlyDictionary<int, string> Outputs(string output) => Split(output.Split('\n'), StepInOutput(), keepsLine: true);

    /// <summary>Reads code and output of each step of a chapter from the guide.</summary>
    public static IReadOnlyDictionary<int, (string Code, string Output)> Shown(string chapter)
    {
        var shown = new Dictionary<int, (string, string)>();
        _ = Walk((name, number, code, output) =>
        {
            if (name == chapter)
            {
                shown.Add(number, (code, output));
            }
            return (code, output);
        });
        return shown;
    }

    /// <summary>Writes a chapter's steps and outputs into the guide.</summary>
    public static void Record(string chapter, IReadOnlyDictionary<int, string> outputs)
    {
        var steps = Steps(chapter);
        lock (Recording)        // Chapters run in parallel and share one guide.
        {
            var text = Walk((name, number, code, output) => name == chapter ? (steps[number], outputs[number]) : (code, output));
            System.IO.File.WriteAllText(File, text);
        }
    }

    /// <summary>Replaces what differs between runs: ids and addresses.</summary>
    public static string Normalise(string output) => Address().Replace(Uuid().Replace(output, "ID"), "ADDRESS");

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\.\d+\b(?!/\d)")]
    private static partial Regex Address();

    private static Dictionary<int, string> Split(IEnumerable<string> lines, Regex marker, bool keepsLine)
    {
        var steps = new Dictionary<int, StringBuilder>();
        StringBuilder? current = null;
        foreach (var line in lines)
        {
            var match = marker.Match(line);
            if (match.Success)
            {
                steps.Add(int.Parse(match.Groups[1].ValueSpan), current = new StringBuilder());
            }
            if (!match.Success || keepsLine)
            {
                current?.Append(line).Append('\n');
            }
        }
        return steps.ToDictionary(step => step.Key, step => step.Value.ToString().Trim('\n'));
    }

    // Replaces the blocks of each step.
    private static string Walk(Func<string, int, string, string, (string Code, string Output)> replace)
    {
        var lines = System.IO.File.ReadAllLines(File);
        var text = new StringBuilder();
        for (var i = 0; i < lines.Length;)
        {
            var match = StepInGuide().Match(lines[i]);
            text.Append(lines[i++]).Append('\n');
            if (!match.Success)
            {
                continue;
            }
            var code = Block(lines, ref i, ".. code-block:: csharp");
            var output = Block(lines, ref i, ".. code-block:: text");
            (code, output) = replace(match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan), code, output);
            Append(".. code-block:: csharp", code);
            Append(".. code-block:: text", output);
            text.Append('\n');
        }
        return text.ToString();

        void Append(string directive, string block)
        {
            if (block.Length > 0)
            {
                text.Append('\n').Append(directive).Append("\n\n");
                foreach (var line in block.Split('\n'))
                {
                    text.Append(line.Length == 0 ? "" : "    ").Append(line).Append('\n');
                }
            }
        }
    }

    private static string Block(string[] lines, ref int i, string directive)
    {
        while (i < lines.Length && lines[i].Length == 0)
        {
            i++;
        }
        if (i == lines.Length || lines[i] != directive)
        {
            return "";
        }
        var block = new List<string>();
        for (i++; i < lines.Length && (lines[i].Length == 0 || lines[i].StartsWith("    ", StringComparison.Ordinal)); i++)
        {
            block.Add(lines[i].Length == 0 ? "" : lines[i][4..]);
        }
        return string.Join('\n', block).Trim('\n');
    }

    private static string FindRoot(DirectoryInfo folder) =>
        System.IO.File.Exists(Path.Combine(folder.FullName, "Faafo.sln")) ? folder.FullName : FindRoot(folder.Parent!);
}
