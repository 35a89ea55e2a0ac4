using System.Text.RegularExpressions;
using System.Xml.Linq;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Documents;

/// <summary>
/// Checks that the README's table of packages lists the product's references, and that no document calls a pinned package unobtainable.
/// </summary>
public sealed partial class ReadmePackagesTests
{
    private static readonly string Readme = Path.Combine(Repository.Root, "README.rst");

    public static TheoryData<string> Documents =>
        ["README.rst",
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.rst")
            .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Fact]
    public void Table_lists_every_package_that_a_product_project_references_and_no_other() => Assert.Equal(Referenced(), Listed());

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_calls_no_pinned_package_unobtainable(string document)
    {
        var sentences = Sentence().Split(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Where(sentence => Unobtainable().IsMatch(sentence));

        Assert.DoesNotContain(sentences, sentence => Pinned().Any(package => Regex.IsMatch(sentence, $@"\b{Regex.Escape(package)}\b")));
    }

    // Without analyzers and build tools, which are private: they do not ship.
    private static SortedSet<string> Referenced() => new(
        from project in Directory.EnumerateDirectories(Repository.Root, "Faafo.*")
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        from reference in XDocument.Load(project).Descendants("PackageReference")
        where reference.Attribute("PrivateAssets") is null && reference.Element("PrivateAssets") is null
        select reference.Attribute("Include")!.Value, StringComparer.Ordinal);

    // The first column of the table in the section "Packages"; one row may name several.
    private static SortedSet<string> Listed()
    {
        var table = File.ReadLines(Readme).SkipWhile(line => line != "Packages").Skip(2).SkipWhile(line => !line.StartsWith('=')).ToList();
        var width = table[0].IndexOf(' ', StringComparison.Ordinal);
        return new(table.Skip(3).TakeWhile(line => !line.StartsWith('='))
            .SelectMany(line => line[..width].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
            StringComparer.Ordinal);
    }

    private static IEnumerable<string> Pinned() => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);

    [GeneratedRegex(@"(?<=[.:;])\s+|\n\n")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(cannot|can't|could not) be (had|restored|obtained|installed|used)\b|"
        + @"\bunobtainable\b|\b(not|no longer) (served|available)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Unobtainable();
}
