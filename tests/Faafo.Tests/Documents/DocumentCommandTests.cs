using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Documents;

/// <summary>Checks that a test runs every command that a document shows behind "$ ".</summary>
public sealed class DocumentCommandTests
{
    // The test that runs the commands of a document.
    private static readonly Dictionary<string, string> RunBy = new()
    {
        ["README.rst"] = "Faafo.SystemTests.ReadmeTests",
        ["docs/guide.rst"] = "Faafo.SystemTests.Samples.ChapterTest and LoadTests",
        ["docs/performance.rst"] = "tests/run",
        ["docs/runbook.rst"] = "Faafo.SystemTests.RunbookTests",
        ["docs/usage.rst"] = "Faafo.SystemTests.UsageTests",
    };

    [Fact]
    public void Every_document_with_commands_has_a_test_that_runs_them() => Assert.Equal(
        RunBy.Keys.Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Repository.Root, "*.rst").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.rst"))
            .Where(path => Commands(path).Any()).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_command_of_the_performance_document_is_run_by_tests_run()
    {
        var run = File.ReadAllText(Path.Combine(Repository.Root, "tests", "run"));

        // tests/run adds --quick, which measures less.
        Assert.All(Commands(Path.Combine(Repository.Root, "docs", "performance.rst")), command =>
            Assert.Contains($"check '{command} --quick' {command} --quick\n", run, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Commands(string path) => File.ReadLines(path).Select(line => line.TrimStart())
        .Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]);
}
