using System.Buffers.Binary;
using System.Security.Cryptography;
using Faafo.Fractals;
using Faafo.SystemTests.Flock;
using Faafo.SystemTests.Servers;
using Faafo.TestKit;
using Faafo.TestKit.Processes;
using Faafo.TestKit.Servers;
using Xunit;

namespace Faafo.SystemTests.Samples;

/// <summary>
/// Runs install.sh as the chapters send it, with one folder per instance as its root and fakes for the package manager and systemd, and
/// then starts the services that it wrote as their units specify.
/// </summary>
public sealed class InstallTests(TestServers servers) : IAsyncLifetime
{
    private static readonly string[] InstallPaths = ["/opt/faafo", "/etc/faafo", "/etc/systemd/system", "/var/lib/faafo"];

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"install-{Guid.NewGuid():N}")).FullName;
    private readonly List<ChildProcess> _services = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        // The archive of 'faafo-scaler bundle' has a folder for each program.
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;
        foreach (var (project, program) in (ReadOnlySpan<(string, string)>)[("Faafo.Api", "faafo-api"), ("Faafo.Worker", "faafo-worker")])
        {
            Directory.CreateSymbolicLink(Path.Combine(programs, program), Path.GetDirectoryName(TestFlock.PathOf(project, program))!);
        }
        WriteFakeCommand("apt-get", ":");
        WriteFakeCommand("systemctl", ":");
        WriteFakeCommand("curl", $"exec tar -cz -C '{programs}' faafo-api faafo-worker");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', _services));
        }
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Controller_and_worker_on_separate_instances_serve_pictures()
    {
        var queue = (await servers.NewVhostAsync()).Url.AbsoluteUri;
        var endpoint = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var faafo = FaafoClient.Connect(endpoint);
        // As introduction.cs installs them, but with an existing queue.
        var api = await StartAsync("app-controller", $"-r api -m {queue}", "api", endpoint);
        await TestFlock.WaitUntilReadyAsync(api, faafo);
        await StartAsync("app-worker-1", $"-r worker -e {endpoint.AbsoluteUri.TrimEnd('/')} -m {queue}", "worker", endpoint);

        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = endpoint };
        for (var i = 0; i < 3; i++)
        {
            var task = TestTasks.Quick(i);
            await faafo.CreateAsync(task, Token);
            var row = await Eventually.GetAsync(
                "the fractal is finished", stop => faafo.FindAsync(task.Uuid, stop), fractal => fractal?.IsFinished is true);

            Assert.Equal((FractalStatus.Done, null, "app-worker-1"), (row!.Status, row.Error, row.GeneratedBy));
            Assert.Contains($"/fractal/{task.Uuid}", await browser.GetStringAsync("", Token), StringComparison.Ordinal);
            var png = await browser.GetByteArrayAsync($"fractal/{task.Uuid}", Token);
            Assert.Equal([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10], png[..8]);
            // IHDR: width and height (PNG, section 11.2.2).
            Assert.Equal((task.Width, task.Height),
                (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
            Assert.Equal((TestTasks.Checksum(task), row.Size), (Convert.ToHexStringLower(SHA256.HashData(png)), png.Length));
        }
        Assert.Single(_services[1].Output.Split('\n'),
            line => line.Contains("worker and API have different stores", StringComparison.Ordinal));
    }

    private void WriteFakeCommand(string command, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, command);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    // Runs install.sh as user data of an instance, and then starts the service that it wrote.
    private async Task<ChildProcess> StartAsync(string instance, string arguments, string service, Uri endpoint)
    {
        var root = Path.Combine(_folder, instance);
        var script = await File.ReadAllTextAsync(Path.Combine(Guide.Root, "samples", "install.sh"), Token);
        foreach (var path in InstallPaths)
        {
            Assert.Contains(path, script, StringComparison.Ordinal);
            script = script.Replace(path, root + path, StringComparison.Ordinal);
        }
        Directory.CreateDirectory(Path.Combine(root, "etc/systemd/system"));
        var userData = Path.Combine(root, "user-data");
        await File.WriteAllTextAsync(userData, $"#!/bin/sh\nset -- {arguments} -n {instance} -b http://archive/\n{script}", Token);
        await using (var install = ChildProcess.Start("sh", [userData],
            new Dictionary<string, string> { ["PATH"] = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}" }))
        {
            Assert.True(await install.WaitAsync(Token) == 0, $"{install}");
        }

        var unit = Values(Path.Combine(root, "etc/systemd/system", $"faafo-{service}.service"));
        var environment = Values(unit["EnvironmentFile"].Single()).ToDictionary(value => value.Key, value => value.Single());
        // Replace port 80: it needs root, and only one program can use it.
        var command = unit["ExecStart"].Single().Replace("http://*:80", endpoint.AbsoluteUri, StringComparison.Ordinal).Split(' ');
        var process = ChildProcess.Start(command[0], command[1..], environment);
        _services.Add(process);
        return process;
    }

    private static ILookup<string, string> Values(string file) => File.ReadLines(file)
        .Select(line => line.Split('=', 2)).Where(line => line.Length == 2).ToLookup(line => line[0], line => line[1]);
}
