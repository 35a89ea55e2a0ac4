using System.Text.RegularExpressions;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>
/// Words that a search would not find, or that no colleague would say. CONTRIBUTING.rst has the rules and the better words.
/// </summary>
public sealed partial class WordsTests
{
    private static readonly string[] Folders =
        ["Faafo.Api", "Faafo.Cli", "Faafo.Core", "Faafo.OpenStack", "Faafo.Scaler", "Faafo.Worker", "docs", "samples", "tests"];

    private static readonly string[] Extensions = [".cs", ".rst", ".md", ".yaml", ".sh", ".py", ""];

    [GeneratedRegex(
        @"\b(nobody|anew|shall|comes? (again|anew)|makes? no sense|in (its|their) stead|without a word|(is|are) away|wanted no more)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Avoided();

    [Fact]
    public void Sources_and_documents_use_plain_words() => Assert.Empty(
        from path in Files()
        from line in File.ReadLines(path).Select((text, index) => (text, number: index + 1))
        where Avoided().IsMatch(line.text)
        select $"{Path.GetRelativePath(Repository.Root, path)}:{line.number}: {line.text.Trim()}");

    [Fact]
    public void Sources_and_documents_are_found()
    {
        Assert.Contains(Path.Combine(Repository.Root, "README.rst"), Files());
        Assert.Contains(Path.Combine(Repository.Root, "Faafo.Scaler", "Program.cs"), Files());
    }

    // CONTRIBUTING.rst names the words that it asks to avoid.
    private static IEnumerable<string> Files() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Repository.Root, "*.rst"))
        .Where(path => Extensions.Contains(Path.GetExtension(path))
            && Path.GetFileName(path) is not ("WordsTests.cs" or "CONTRIBUTING.rst"));
}
