using System.Text.RegularExpressions;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Documents;

/// <summary>Checks that every path of the tree in README.rst and docs/ exists.</summary>
public sealed partial class DocumentPathTests
{
    [Theory]
    [MemberData(nameof(ReadmePackagesTests.Documents), MemberType = typeof(ReadmePackagesTests))]
    public void Document_names_only_paths_that_exist(string document)
    {
        var named = TreePath().Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Select(path => path.Groups[1].Value.TrimEnd('/')).Distinct();

        Assert.All(named, path =>
            Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{document} names {path}, which does not exist"));
    }

    // In a literal (``tests/run --fast``) or a link (<docs/guide.rst>).
    [GeneratedRegex(@"(?:``|<)((?:Faafo\.\w+|docs|samples|tests)/[\w./-]+)(?=[ `>])")]
    private static partial Regex TreePath();
}
