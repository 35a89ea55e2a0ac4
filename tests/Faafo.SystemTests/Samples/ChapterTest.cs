using System.Text.RegularExpressions;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// Runs the chapters of docs/guide.rst on a real cloud, with the command lines of the guide. Each chapter runs with --keep, another client
/// checks its resources, and it runs again, after which no resource may remain. The output is compared with the guide, or written into it
/// if FAAFO_RECORD is 1. The classes run in parallel, each in its own project, because a chapter mostly waits for the cloud.
/// </summary>
public abstract class ChapterTest(GuideProject project) : IClassFixture<GuideProject>
{
    /// <summary>The project, which is empty before and after each test.</summary>
    protected GuideProject Project { get; } = project;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    // Reads the line of the guide that runs a chapter.
    private static string Command(string chapter) =>
        File.ReadLines(Guide.File)
        .Single(line => line.StartsWith($"    $ dotnet run samples/{chapter}.cs -- ", StringComparison.Ordinal))[6..]
            .Replace(" --keep", "", StringComparison.Ordinal);

    private static string Built(string chapter) =>
        Command(chapter).Replace("dotnet run ", "dotnet run --no-build ", StringComparison.Ordinal);

    private async Task<string> SucceedAsync(string chapter, string line, string? cloudsYaml)
    {
        await GuideProject.BuildAsync(chapter);
        var (exitCode, output, error) = await Project.RunAsync(line, cloudsYaml);
        Assert.True(exitCode == 0, $"{output}\n{error}");
        return output;
    }

    // Runs the line of the guide, including its build; the other runs skip the build.
    protected Task<string> KeepAsync(string chapter, string options = "", string? cloudsYaml = null) =>
        SucceedAsync(chapter, Command(chapter) + " --keep" + options, cloudsYaml);

    protected Task<string> RunAsync(string chapter, string options = "", string? cloudsYaml = null) =>
        SucceedAsync(chapter, Built(chapter) + options, cloudsYaml);

    protected async Task<(int ExitCode, string Output, string Error)> TryAsync(string chapter, string? cloudsYaml = null)
    {
        await GuideProject.BuildAsync(chapter);
        return await Project.RunAsync(Built(chapter), cloudsYaml);
    }

    protected static void Compare(string chapter, string output)
    {
        var outputs = Guide.Outputs(output);
        if (Environment.GetEnvironmentVariable("FAAFO_RECORD") == "1")
        {
            Guide.Record(chapter, outputs);
        }
        var shown = Guide.Shown(chapter);
        Assert.Equal(shown.Keys, outputs.Keys);
        Assert.All(shown, step => Assert.Equal(Guide.Normalise(step.Value.Output), Guide.Normalise(outputs[step.Key])));
    }

    protected async Task<string> WriteFakeCloudAsync(FakeOpenStack fake)
    {
        fake.Compute.ReadsUntilDone = 2;
        fake.Answer("GET", "/image/v2/images",
            """{"images":[{"id":"i1","name":"tiny-linux","status":"active","min_ram":0,"min_disk":0}]}""");
        fake.Answer("GET", "/compute/v2.1/flavors/detail", """{"flavors":[{"id":"f1","name":"m1.nano","ram":64,"vcpus":1,"disk":1}]}""");
        var file = Path.Combine(Project.Folder, "fake-cloud.yaml");
        await File.WriteAllTextAsync(file, $$"""
            clouds:
              mycloud:
                auth: {auth_url: {{fake.Url}}/identity/v3, username: demo, password: {{FakeOpenStack.Password}}, project_name: demo,
                       user_domain_id: default, project_domain_id: default}
                region_name: One
            """, Token);
        return file;
    }

    protected async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await Project.InventoryAsync()).Where(line => !Regex.IsMatch(line, @"^[\d.]+$"))];

    protected async Task<int> AddressesAsync() => (await Project.InventoryAsync()).Count(line => Regex.IsMatch(line, @"^[\d.]+$"));

    protected async Task<string> RulesAsync(string group) =>
        Sorted(string.Join('\n',
            Regex.Matches(await Project.OpenStackAsync($"security group rule list {group} --ingress -f value"), @"\b\d+:\d+\b")
            .Select(match => match.Value)));

    // Returns those of the given words that the output contains.
    protected async Task<string> WordsAsync(string command, params string[] words)
    {
        var output = await Project.OpenStackAsync(command);
        return string.Join(' ', words.Where(word => output.Contains(word, StringComparison.Ordinal)));
    }

    protected static string Sorted(string lines) =>
        string.Join(' ',
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()).Order(StringComparer.Ordinal));
}
