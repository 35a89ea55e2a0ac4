using Faafo.TestKit;
using Xunit;

namespace Faafo.Tests.Samples;

/// <summary>
/// The sources of the chapters and the guide that shows them. After changing a step, run the system tests of Samples with FAAFO_RECORD=1:
/// they write source and output of the chapters into the guide.
/// </summary>
public sealed class GuideTests
{
    public static TheoryData<string, int> Chapters
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (name, steps) in Guide.Chapters)
            {
                data.Add(name, steps);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Chapter_has_every_step_and_none_is_empty(string chapter, int count)
    {
        var steps = Guide.Steps(chapter);

        Assert.Equal(Enumerable.Range(1, count), steps.Keys);
        // The first line prints the title of the step; at least one statement must follow.
        Assert.All(steps, step =>
        {
            Assert.StartsWith($"Console.WriteLine(\"step-{step.Key}: ", step.Value, StringComparison.Ordinal);
            Assert.Contains(step.Value.Split('\n').Skip(1), line => line.Length > 0
                && !line.TrimStart().StartsWith("//", StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Guide_shows_every_step_as_it_is_with_what_it_printed(string chapter, int count)
    {
        var shown = Guide.Shown(chapter);

        Assert.Equal(Guide.Steps(chapter), shown.ToDictionary(step => step.Key, step => step.Value.Code));
        Assert.All(Enumerable.Range(1, count), step => Assert.StartsWith($"step-{step}: ", shown[step].Output, StringComparison.Ordinal));
    }

    [Fact]
    public void No_chapter_is_missing() => Assert.Equal(Guide.Chapters.Select(chapter => chapter.Name).Order(),
        Directory.EnumerateFiles(Path.Combine(Guide.Root, "samples"), "*.cs").Select(Path.GetFileNameWithoutExtension).Order());
}
