using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Compares the first example of Faafo.OpenStack/README.rst with <see cref="ReadmeSnippet"/>, which compiles.</summary>
public sealed class ReadmeSnippetTests
{
    [Fact]
    public void First_example_of_the_README_compiles()
    {
        var shown = File.ReadLines(Path.Combine(Repository.Root, "Faafo.OpenStack", "README.rst"))
            .SkipWhile(line => line != ".. code-block:: csharp").Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' ');
        var compiled = File.ReadLines(Source()).SkipWhile(line => !line.StartsWith(
            "    internal static async Task BootAsync", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line != "    }");

        Assert.Equal(Code(compiled), Code(shown).Where(line => !line.StartsWith("using Faafo.", StringComparison.Ordinal)));
    }

    private static List<string> Code(IEnumerable<string> lines) => [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string Source() => Path.Combine(Repository.Root, "tests", "Faafo.TestKit", $"{nameof(ReadmeSnippet)}.cs");
}
