using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests;

/// <summary>
/// Runs every command of README.rst as written, from the root of the tree, and compares the output with the one shown. Only the port and
/// the data folders differ, through the environment.
/// </summary>
public sealed class ReadmeTests
{
    private const string FirstCommand = "dotnet run --project Faafo.Scaler -- up --demo 20";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_command_prints_what_the_readme_shows()
    {
        var steps = ConsoleDocument.Read("README.rst");
        // "tests/run" runs this test; running it here would never end.
        Assert.Equal([FirstCommand, "tests/run"], steps.Take(2).Select(step => step.Command));
        var folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"readme-{Guid.NewGuid():N}")).FullName;
        var environment = ConsoleDocument.IsolatedEnvironment(folder);

        // "dotnet run" builds first; here everything is built already. tests/first-run runs the full command.
        await using var up = ChildProcess.Start("bash",
            ["-c", $"exec {FirstCommand.Replace("run ", "run --no-build ", StringComparison.Ordinal)}"],
            environment, ConsoleDocument.Root);
        await Eventually.TrueAsync("twenty fractals are rendered", _ =>
            Task.FromResult(up.HasExited
                ? throw new InvalidOperationException($"{up}")
                : up.Output.Contains("20 of 20 fractals rendered", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(3));

        await ConsoleDocument.RunAsync(steps[2..], environment, folder, Token);
        Assert.Equal(0x89, (await File.ReadAllBytesAsync(Path.Combine(folder, "julia.png"), Token))[0]);
        Assert.Equal(0, await up.StopAsync(Token));
    }
}
