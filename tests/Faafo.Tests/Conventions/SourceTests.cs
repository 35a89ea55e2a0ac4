using System.Text.RegularExpressions;
using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>Calls that the product's source must not contain. Time comes from a TimeProvider, so that tests can advance it.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] Projects = ["Faafo.Api", "Faafo.Cli", "Faafo.Core", "Faafo.OpenStack", "Faafo.Scaler", "Faafo.Worker"];

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b")]
    private static partial Regex TheClock();

    [GeneratedRegex(@"\bThread\s*\.\s*(Sleep|SpinWait)\b")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\s*\.\s*Delay\s*\(")]
    private static partial Regex Delay();

    [GeneratedRegex(@"\.\s*Delete(Server|Snapshot|Volume|FloatingIP|LoadBalancer|Port|Router|Subnet|Network|SecurityGroup)Async\s*\(")]
    private static partial Regex Deletion();

    [GeneratedRegex(@"\[GeneratedRegex\(.*\$""")]
    private static partial Regex DollarAtTheEnd();

    // Before a final line feed $ matches too: "faafo\n" would be accepted. \z does not.
    [Fact]
    public void Patterns_end_with_z() => Assert.Empty(Lines(DollarAtTheEnd()));

    // ResourceRemoval checks the owner of each resource. The networking service deletes only the group that it has just created.
    [Fact]
    public void Resources_are_deleted_only_through_ResourceRemoval() => Assert.All(Lines(Deletion()), line =>
        Assert.StartsWith("Faafo.OpenStack/ResourceRemoval.cs:", line, StringComparison.Ordinal));

    [Fact]
    public void Clock_is_read_only_through_a_TimeProvider() => Assert.Empty(Lines(TheClock()));

    [Fact]
    public void No_thread_sleeps() => Assert.Empty(Lines(Sleep()));

    [Fact]
    public void Every_delay_has_a_TimeProvider_and_a_cancellation_token() =>
        Assert.Empty(Sources().SelectMany(source => Delay().Matches(source.Text)
            .Where(delay => Arguments(source.Text, delay.Index + delay.Length) != 3)
            .Select(delay => $"{source.Path}: {source.Text[delay.Index..Math.Min(source.Text.Length, delay.Index + 100)]}")));

    [Fact]
    public void Sources_are_found() => Assert.All(Projects, project => Assert.Contains(Sources(), source =>
        source.Path.StartsWith(project + "/", StringComparison.Ordinal)));

    private static IEnumerable<string> Lines(Regex pattern) => Sources().SelectMany(source => source.Text.Split('\n')
        .Select((line, number) => (line, number)).Where(at => pattern.IsMatch(at.line))
        .Select(at => $"{source.Path}:{at.number + 1}: {at.line.Trim()}"));

    private static IEnumerable<(string Path, string Text)> Sources() => Projects
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
        .Select(path => (Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path)));

    // Counts the arguments of the call whose opening parenthesis ends at an index.
    private static int Arguments(string text, int index)
    {
        var depth = 1;
        var count = 1;
        for (; depth > 0 && index < text.Length; index++)
        {
            depth += text[index] switch
            {
                '(' or '[' or '{' => 1,
                ')' or ']' or '}' => -1,
                _ => 0,
            };
            count += depth == 1 && text[index] == ',' ? 1 : 0;
        }
        return count;
    }
}
