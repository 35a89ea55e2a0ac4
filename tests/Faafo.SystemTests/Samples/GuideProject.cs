using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// A project for the chapters of the guide, as a new user of a cloud gets it: with a network and a router to the outside, otherwise empty.
/// </summary>
public sealed class GuideProject : IAsyncLifetime
{
    private static readonly SemaphoreSlim OneBuild = new(1);
    private static readonly HashSet<string> Built = [];
    private readonly string _name = TestCloud.Unique("guide");
    private readonly OpenStackShell _shell;

    public GuideProject() => _shell = new OpenStackShell(Path.Combine(Folder, "clouds.yaml"), "mycloud");

    /// <summary>A folder with a public key and a clouds.yaml in which the project is the cloud "mycloud".</summary>
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"guide-{Guid.NewGuid():N}")).FullName;

    private static string? CloudsYaml => Environment.GetEnvironmentVariable(TestCloud.Variable);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(CloudsYaml))
        {
            return;     // the tests skip themselves
        }
        var demo = (await File.ReadAllTextAsync(CloudsYaml, Token)).Split("  devcloud-admin:")[0];
        await File.WriteAllTextAsync(Path.Combine(Folder, "clouds.yaml"),
            demo.Replace("  devcloud:", "  mycloud:", StringComparison.Ordinal)
            .Replace("username: demo", $"username: {_name}", StringComparison.Ordinal)
            .Replace("project_name: demo", $"project_name: {_name}", StringComparison.Ordinal), Token);
        await File.WriteAllTextAsync(Path.Combine(Folder, "id_ed25519.pub"),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPLvu02Agt3OjuirvdLC9iLA4+dlprejg4flQJZNssTt reader@example.org\n", Token);
        await TestCloud.AdministrateAsync(
            $"project create {_name} -f value -c name",
            $"user create {_name} --project {_name} --password devcloud -f value -c name",
            $"role add --user {_name} --project {_name} member",
            $"role add --user {_name} --project {_name} heat_stack_owner",
            $"role add --user {_name} --project {_name} load-balancer_member");
        await OpenStackAsync(
            "network create private -f value -c name",
            "subnet create private --network private --subnet-range 10.1.0.0/24 -f value -c name",
            "router create router --external-gateway public -f value -c name",
            "router add subnet router private");
    }

    /// <summary>Runs commands of the openstack command line and returns their outputs, one after the other.</summary>
    public Task<string> OpenStackAsync(params string[] commands)
    {
        SkipWithoutCloud();
        return _shell.RunAsync(commands);
    }

    /// <summary>Lists every resource that a chapter can create, and those that the project had before, one line each.</summary>
    public async Task<IReadOnlyList<string>> InventoryAsync()
    {
        var output = await OpenStackAsync(
            "server list -f value -c Name -c Status", "floating ip list -f value", "security group list -f value -c Name",
            "network list -f value -c Name", "router list -f value -c Name", "keypair list -f value -c Name",
            "loadbalancer list -f value -c name",
            "stack list -f value", "container list -f value -c Name");
        // Columns whose names contain a space cannot be selected here. Their lines have all columns: the id first, the name or address
        // second.
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Guid.TryParse(line.Split(' ')[0], out _) ? line.Split(' ')[1] : line).Order(StringComparer.Ordinal)];
    }

    /// <summary>Asserts that no resource of a chapter exists.</summary>
    public async Task AssertEmptyAsync() => Assert.Equal(["default", "private", "public", "router"], await InventoryAsync());

    /// <summary>Builds a chapter once for all tests. Builds share the libraries, so only one runs at a time.</summary>
    internal static async Task BuildAsync(string chapter)
    {
        await OneBuild.WaitAsync(Token);
        try
        {
            if (Built.Contains(chapter))
            {
                return;
            }
            await using var build = ChildProcess.Start("dotnet", ["build", $"samples/{chapter}.cs", "--nologo", "-v", "q"],
                workingDirectory: Guide.Root);
            Assert.True(await build.WaitAsync(Token) == 0, $"{build}");
            Built.Add(chapter);
        }
        finally
        {
            OneBuild.Release();
        }
    }

    /// <summary>Starts a line of the guide in the root of the tree; its stderr goes to the given file in the folder.</summary>
    internal ChildProcess Start(string line, string error = "stderr.log", string? cloudsYaml = null)
    {
        if (cloudsYaml is null)
        {
            SkipWithoutCloud();
        }
        var environment = new Dictionary<string, string>
        {
            ["OS_CLIENT_CONFIG_FILE"] = cloudsYaml ?? Path.Combine(Folder, "clouds.yaml"),
            ["DOTNET_NOLOGO"] = "1",
            ["ERROR"] = Path.Combine(Folder, error),
        };
        return ChildProcess.Start("bash", ["-c", $"exec {line} 2> \"$ERROR\""], environment, Guide.Root);
    }

    /// <summary>Runs a line of the guide until it exits.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> RunAsync(string line, string? cloudsYaml = null)
    {
        await using var process = Start(line, "stderr.log", cloudsYaml);
        var exitCode = await process.WaitAsync(Token);
        return (exitCode, process.Output, await File.ReadAllTextAsync(Path.Combine(Folder, "stderr.log"), Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!string.IsNullOrEmpty(CloudsYaml))
        {
            await RemoveResourcesAsync();
            await OpenStackAsync("router remove subnet router private", "router delete router", "network delete private");
            _shell.Dispose();
            await TestCloud.AdministrateAsync($"user delete {_name}", $"project delete {_name}");
        }
    }

    // Removes the resources of a chapter whose test failed, so that other tests can use the cloud.
    private async Task RemoveResourcesAsync()
    {
        await using var cloud = TestCloud.Connect("mycloud", Path.Combine(Folder, "clouds.yaml"));
        await foreach (var stack in cloud.Orchestration.ListStacksAsync(CancellationToken.None))
        {
            await cloud.Orchestration.DeleteStackAsync(stack.Id, CancellationToken.None);
            await cloud.Orchestration.WaitUntilDeletedAsync(stack.Id, TestCloud.OperationTimeout, CancellationToken.None);
        }
        await foreach (var container in cloud.ObjectStorage.ListContainersAsync(cancellationToken: CancellationToken.None))
        {
            await cloud.ObjectStorage.DeleteContainerWithObjectsAsync(container.Name, CancellationToken.None);
        }
        await foreach (var key in cloud.Compute.ListKeyPairsAsync(CancellationToken.None))
        {
            await cloud.Compute.DeleteKeyPairAsync(key.Name, CancellationToken.None);
        }
        foreach (var (chapter, _) in Guide.Chapters)
        {
            await cloud.Scope($"faafo-guide-{chapter.Replace('_', '-')}").RemoveAsync(CancellationToken.None);
        }
    }

    private static void SkipWithoutCloud() =>
        Assert.SkipWhen(string.IsNullOrEmpty(CloudsYaml),
            $"{TestCloud.Variable} is not set: no cloud to run the guide on (tests/devcloud/up starts one)");
}
