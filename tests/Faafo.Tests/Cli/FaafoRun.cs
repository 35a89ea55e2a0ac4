using System.CommandLine;
using System.Text;
using Faafo.Cli;
using Faafo.Cli.Output;
using Faafo.Options;

namespace Faafo.Tests.Cli;

/// <summary>A run of the program: its exit code and its output.</summary>
internal sealed record FaafoRun(int ExitCode, string Output, string Error)
{
    // CommandLine writes to the stderr of the process; each run captures its own share of it.
    private static readonly AsyncLocal<TextWriter?> ErrorOfThisRun = new();

    static FaafoRun() => Console.SetError(new SharedError(Console.Error));

    /// <summary>Lines of stderr.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the program in this process, as <c>Program.cs</c> does.</summary>
    public static Task<FaafoRun> OfAsync(Uri endpoint, params string[] args) => OfAsync(endpoint, new MemoryStream(), null, args);

    /// <summary>Runs the program with stdout as bytes or a writer of the test.</summary>
    public static Task<FaafoRun> OfAsync(Uri endpoint, Stream bytes, TextWriter? output, params string[] args) =>
        OfAsync(endpoint, bytes, output, TimeProvider.System, args);

    /// <summary>Runs the program with a clock of the test.</summary>
    public static async Task<FaafoRun> OfAsync(Uri endpoint, Stream bytes, TextWriter? output, TimeProvider time, params string[] args)
    {
        using var error = new StringWriter();
        output ??= new StringWriter();
        var root = FaafoCommand.Build(new Terminal(output, error, bytes, time), args);
        string[] words = args.Contains("--endpoint-url") ? args : ["--endpoint-url", endpoint.AbsoluteUri, .. args];
        return await OfAsync(root, output, error, words);
    }

    /// <summary>Runs the commands of another program.</summary>
    public static async Task<FaafoRun> OfAsync(Command root, TextWriter output, StringWriter error, params string[] args)
    {
        ErrorOfThisRun.Value = error;
        var exitCode = await CommandLine.RunAsync(root, args);
        return new FaafoRun(exitCode, output.ToString()!, error.ToString());
    }

    private sealed class SharedError(TextWriter process) : TextWriter
    {
        public override Encoding Encoding => process.Encoding;

        public override void Write(char value) => (ErrorOfThisRun.Value ?? process).Write(value);

        public override void Write(string? value) => (ErrorOfThisRun.Value ?? process).Write(value);

        public override void WriteLine(string? value) => (ErrorOfThisRun.Value ?? process).WriteLine(value);
    }
}
