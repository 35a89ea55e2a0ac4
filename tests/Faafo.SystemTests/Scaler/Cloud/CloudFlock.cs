using Faafo.OpenStack.Compute;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.OpenStack.Provision;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.Scaler.Cloud;

/// <summary>A flock for one test in its own project, and the built faafo-scaler that creates it.</summary>
internal sealed class CloudFlock : IAsyncDisposable
{
    private const string Name = "faafo";

    private readonly List<ChildProcess> _started = [];
    private readonly string _file;

    private CloudFlock(TestProject project, SimulatedGuests guests, string groups)
    {
        Project = project;
        Guests = guests;
        _file = Path.Combine(project.Folder, "flock.yaml");
        Write(groups);
    }

    /// <summary>Writes flock.yaml, which a running loop reloads.</summary>
    // Nothing fetches the bundle: the servers are empty.
    public void Write(string groups, string lb = "none", string interval = "2s")
    {
        File.WriteAllText(_file + ".new", $$"""
            cloud: {{TestProject.Cloud}}
            name: {{Name}}
            image: {{TestCloud.ImageName}}
            flavor: {{TestCloud.FlavorName}}
            networks: {worker: 10.1.1.0/24, api: 10.1.2.0/24, services: 10.1.3.0/24}
            bundle: {url: 'http://127.0.0.1:9/bundle.tar.gz', sha256: {{new string('0', 64)}}}
            interval: {{interval}}
            lb: {{lb}}
            groups: {{groups}}
            """);
        File.Move(_file + ".new", _file, overwrite: true);
    }

    public TestProject Project { get; }

    public SimulatedGuests Guests { get; }

    /// <summary>Prepares a project and guests; the test creates the flock.</summary>
    public static async Task<CloudFlock> CreateAsync(string groups, params string[] limits)
    {
        var project = await TestProject.CreateAsync(limits);
        return new CloudFlock(project, await SimulatedGuests.StartAsync(project, Name), groups);
    }

    /// <summary>
    /// Returns what the openstack command line lists for a complete flock with the given numbers of instances, and other resources.
    /// </summary>
    public static IReadOnlyList<string> All(int apis, int workers, params string[] others) =>
    [
        .. ((IEnumerable<string>)[
            "server app-services", .. Enumerable.Range(1, apis).Select(n => $"server app-api-{n}"),
            .. Enumerable.Range(1, workers).Select(n => $"server app-worker-{n}"),
            "port faafo-app-services", .. Enumerable.Range(1, apis).Select(n => $"port faafo-app-api-{n}"),
            "network faafo-api", "network faafo-services", "network faafo-worker", "subnet faafo-api", "subnet faafo-services",
            "subnet faafo-worker", "router faafo",
            "security group faafo-api", "security group faafo-services", "security group faafo-worker", "credential faafo",
            "container faafo", "container faafo-images",
            .. others]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Lists the servers of the flock that are not being deleted.</summary>
    public async Task<List<Server>> ServersAsync(CancellationToken cancellationToken) =>
        await ManagedResources.ServersAsync(Project.Client, await ResourceNames.OfAsync(Project.Client, Name, cancellationToken),
            cancellationToken);

    /// <summary>Starts a command of the scaler for this flock.</summary>
    public ChildProcess Start(params string[] arguments)
    {
        var child = ChildProcess.Start(TestFlock.PathOf("Faafo.Scaler", "faafo-scaler"),
            [.. arguments, "--flock", _file, "--state-dir", Path.Combine(Project.Folder, "state"), "--endpoint-url",
                Guests.Endpoint.AbsoluteUri],
            new Dictionary<string, string> { ["OS_CLIENT_CONFIG_FILE"] = Project.CloudsYaml });
        _started.Add(child);
        return child;
    }

    /// <summary>Starts <c>run</c> and waits for a first round of its loop.</summary>
    public async Task<ChildProcess> RunLoopAsync()
    {
        var started = DateTimeOffset.UtcNow;
        var run = Start("run");
        await Eventually.TrueAsync("a round of the loop", async token => run.HasExited ? throw new InvalidOperationException($"{run}")
            : (await Guests.Api.GetNodesAsync(token)).Any(node => node.Name == "scaler" && node.LastSeen > started),
            TimeSpan.FromMinutes(2));
        return run;
    }

    /// <summary>Runs a command until it exits.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var child = Start(arguments);
        return (await child.WaitAsync(TestContext.Current.CancellationToken), child.Output);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<string> DoAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} exited with code {code}:\n{output}");
        return output;
    }

    /// <summary>Waits until a running command has printed a text.</summary>
    public static Task PrintsAsync(ChildProcess child, string text, TimeSpan? within = null) => Eventually.TrueAsync($"'{text}'", _ =>
        child.HasExited && !child.Output.Contains(text, StringComparison.Ordinal) ? throw new InvalidOperationException($"{child}")
            : Task.FromResult(child.Output.Contains(text, StringComparison.Ordinal)), within ?? TimeSpan.FromMinutes(3));

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _started)
        {
            await child.DisposeAsync();
        }
        await Guests.DisposeAsync();
        // Removes the resources of a failed test; a passed test leaves none.
        var teardown = new Teardown(Project.Client, await ResourceNames.OfAsync(Project.Client, Name, CancellationToken.None), _ => { });
        await teardown.RunAsync(images: true, CancellationToken.None);
        await Project.DisposeAsync();
    }
}
