using System.Diagnostics;
using System.Globalization;
using Faafo.Scaler.Control;
using Faafo.Scaler.Local;
using Faafo.Scaler.Spec;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Faafo.Tests.Scaler.Local;

/// <summary>Real processes, which run a script in place of the programs.</summary>
public sealed class LocalInstancesTests : IAsyncDisposable
{
    private const string Script = """
        #!/bin/sh
        echo "started $*"
        exec sleep 600
        """;

    private static readonly GroupSpec Group = new FlockSpec().Workers;

    private readonly string _folder = Directory.CreateTempSubdirectory("faafo-cloud-").FullName;
    private readonly LocalInstances _cloud;

    public LocalInstancesTests()
    {
        foreach (var program in (string[])["faafo-api", "faafo-worker"])
        {
            var path = Path.Combine(_folder, program);
            File.WriteAllText(path, Script);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        Environment.SetEnvironmentVariable("FAAFO_PROGRAMS", _folder);
        _cloud = Cloud();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_runs_its_program_and_writes_a_log()
    {
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);

        Assert.Equal(instance, Assert.Single(await _cloud.ListAsync(Stop)));
        var log = _cloud.Records.Logs.PathOf("app-worker-1");
        var expected = $"started --state-dir {_folder}/state --node-name app-worker-1 "
            + "--heartbeat 1s --endpoint-url http://127.0.0.1:9/ --slots 1\n";
        await Eventually.TrueAsync("the log", async stop => File.Exists(log) && await File.ReadAllTextAsync(log, stop) == expected);
    }

    // The pid is looked for twice: a process that writes it between the two looks must not be missed.
    [Fact]
    public async Task A_starting_process_never_counts_as_exited()
    {
        for (var number = 1; number <= 40; number++)
        {
            var instance = await _cloud.CreateAsync(Group, $"app-worker-{number}", Stop);
            var folder = Path.Combine(_folder, "state", "instances", instance.Name);
            bool written;
            do
            {
                written = Faafo.Scaler.Local.PidFile.IsWritten(folder);
                Assert.True((await _cloud.ListAsync(Stop)).Single(i => i.Id == instance.Id).IsRunning, $"{instance.Name} counts as ended");
            }
            while (!written);
            await _cloud.DeleteAsync(instance, Stop);
        }
    }

    [Fact]
    public async Task Passwords_are_not_among_the_arguments()
    {
        var cloud = Cloud(new FlockSpec { TransportUrl = "amqp://u:secret@h/", DatabaseUrl = "postgresql://u:secret@h/d" });
        await cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");

        Assert.DoesNotContain("secret", await File.ReadAllTextAsync($"/proc/{pid}/cmdline", Stop), StringComparison.Ordinal);
        var environment = (await File.ReadAllTextAsync($"/proc/{pid}/environ", Stop)).Split('\0');
        Assert.Contains("FAAFO_TRANSPORT_URL=amqp://u:secret@h/", environment);
        Assert.Contains("FAAFO_DATABASE_URL=postgresql://u:secret@h/d", environment);
    }

    [Fact]
    public async Task The_next_scaler_finds_the_instances_of_a_killed_one()
    {
        var created = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        await PidAsync("app-worker-1");

        var next = Cloud();
        Assert.Equal(created, Assert.Single(await next.ListAsync(Stop)));
        await next.DeleteAsync(created, Stop);
        Assert.Empty(await _cloud.ListAsync(Stop));
    }

    [Fact]
    public async Task A_record_whose_process_never_started_counts_as_running_only_at_first()
    {
        var time = new FakeTimeProvider();
        var cloud = new LocalInstances(new LocalSettings(State, new Uri("http://127.0.0.1:9/"), new FlockSpec()), time);
        await cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");
        File.Delete(PidFile("app-worker-1"));

        Assert.True(Assert.Single(await cloud.ListAsync(Stop)).IsRunning);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(Assert.Single(await cloud.ListAsync(Stop)).IsRunning);

        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    [Fact]
    public async Task A_process_that_got_the_same_pid_later_is_not_the_instance_and_is_not_killed()
    {
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var first = await PidAsync("app-worker-1");
        await _cloud.CreateAsync(Group, "app-worker-2", Stop);
        var other = await PidAsync("app-worker-2");
        // As if the first had exited and the second had got its number.
        var stat = await File.ReadAllTextAsync(PidFile("app-worker-1"), Stop);
        var fields = stat.Split(' ');
        fields[0] = other.ToString(CultureInfo.InvariantCulture);
        fields[21] = (long.Parse(fields[21], CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(PidFile("app-worker-1"), string.Join(' ', fields), Stop);

        Assert.False((await _cloud.ListAsync(Stop)).Single(i => i.Name == "app-worker-1").IsRunning);
        await _cloud.StopAsync(instance, Stop);
        await _cloud.DeleteAsync(instance, Stop);

        Assert.True(Assert.Single(await _cloud.ListAsync(Stop)).IsRunning);
        using var process = Process.GetProcessById(first);
        process.Kill();
    }

    [Fact]
    public async Task The_pid_file_identifies_the_process_with_start_boot_namespace_and_host()
    {
        await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");

        var began = ProcessStat.Read(pid)!.StartTick;
        Assert.Equal(ProcessIdentity.Own with { Id = pid, Began = began }, Faafo.Scaler.Local.PidFile.Read(FolderOf("app-worker-1")));

        // As earlier versions wrote it.
        var lines = await File.ReadAllLinesAsync(PidFile("app-worker-1"), Stop);
        foreach (var earlier in (string[])[lines[0], $"{lines[0]} {lines[1]}"])
        {
            await File.WriteAllTextAsync(PidFile("app-worker-1"), earlier, Stop);
            Assert.Equal(pid, Faafo.Scaler.Local.PidFile.Find(FolderOf("app-worker-1")));
        }
    }

    [Theory]
    [InlineData(2, "pid:[1] HOST", "in another container or PID namespace")]
    [InlineData(2, "SPACE elsewhere", "on elsewhere")]
    public async Task An_instance_of_another_container_or_host_is_named_and_gets_no_signal(int line, string text, string place)
    {
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");
        var written = await File.ReadAllLinesAsync(PidFile("app-worker-1"), Stop);
        var changed = written.ToArray();
        changed[line] = text.Replace("HOST", ProcessIdentity.Own.Host, StringComparison.Ordinal)
            .Replace("SPACE", ProcessIdentity.Own.Namespace, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(PidFile("app-worker-1"), changed, Stop);

        await _cloud.StopAsync(instance, Stop);
        var refused = await Assert.ThrowsAsync<ProviderException>(() => _cloud.DeleteAsync(instance, Stop));

        Assert.StartsWith($"app-worker-1 cannot be stopped from here: process {pid} on ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(place, refused.Message, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(PidFile("app-worker-1"), written, Stop);
        Assert.True(Assert.Single(await _cloud.ListAsync(Stop)).IsRunning);
    }

    [Fact]
    public async Task A_record_of_an_earlier_boot_is_deleted_without_a_signal()
    {
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");
        var lines = await File.ReadAllLinesAsync(PidFile("app-worker-1"), Stop);
        lines[1] = Guid.NewGuid().ToString();
        await File.WriteAllLinesAsync(PidFile("app-worker-1"), lines, Stop);

        await _cloud.DeleteAsync(instance, Stop);

        Assert.Empty(await _cloud.ListAsync(Stop));
        using var process = Process.GetProcessById(pid);
        Assert.False(process.HasExited);
        process.Kill();
    }

    [Fact]
    public async Task A_process_that_cannot_be_killed_does_not_block_the_round()
    {
        var kills = 0;
        var stuck = new LocalInstances(_cloud.Settings, new SkippingTime(), _ => kills++);
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => stuck.DeleteAsync(instance, Stop));

        Assert.InRange(kills, 2, 1_000);
        Assert.Equal($"app-worker-1 (process {pid}, state S) has not exited 5 s after SIGKILL: "
            + "it probably waits for a disk or a file server; its record stays", failure.Message);
        Assert.True(Assert.Single(await _cloud.ListAsync(Stop)).IsRunning);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Id":"1","Name":"..","Group":"worker","CreatedAt":"2030-01-01T00:00:00Z"}""")]
    public async Task A_record_that_is_not_of_its_folder_is_ignored(string record)
    {
        Directory.CreateDirectory(FolderOf("app-worker-1"));
        await File.WriteAllTextAsync(Path.Combine(FolderOf("app-worker-1"), "instance.json"), record, Stop);

        Assert.Empty(await _cloud.ListAsync(Stop));
    }

    [Fact]
    public async Task A_stopped_instance_exits_and_keeps_its_record_until_it_is_deleted()
    {
        var instance = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        await PidAsync("app-worker-1");

        await _cloud.StopAsync(instance, Stop);
        await Eventually.TrueAsync("the end", async stop => !(await _cloud.ListAsync(stop)).Single().IsRunning);
        await _cloud.DeleteAsync(instance, Stop);

        Assert.Empty(await _cloud.ListAsync(Stop));
    }

    [Fact]
    public async Task Deleting_is_by_id_not_by_name()
    {
        var old = await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        await _cloud.DeleteAsync(old, Stop);
        var young = await _cloud.CreateAsync(Group, "app-worker-1", Stop);

        await _cloud.DeleteAsync(old, Stop);

        Assert.Equal(young, Assert.Single(await _cloud.ListAsync(Stop)));
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_does_not_reach_an_instance()
    {
        await _cloud.CreateAsync(Group, "app-worker-1", Stop);
        var pid = await PidAsync("app-worker-1");

        // SigIgn of proc(5): bit 1 is SIGINT.
        var status = await File.ReadAllLinesAsync($"/proc/{pid}/status", Stop);
        var ignored = status.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        Assert.Equal(2, Convert.ToInt64(ignored[7..].Trim(), 16) & 2);
    }

    [Fact]
    public async Task The_API_of_a_state_directory_is_found_while_it_runs()
    {
        Assert.Null(new InstanceDirectory(State).FindEndpoint());
        var api = await _cloud.CreateAsync(new FlockSpec().Apis, "app-api-1", Stop);
        await PidAsync("app-api-1");
        Assert.Equal(new Uri("http://127.0.0.1:9/"), new InstanceDirectory(State).FindEndpoint());
        await _cloud.DeleteAsync(api, Stop);
        Assert.Null(new InstanceDirectory(State).FindEndpoint());
    }

    [Fact]
    public async Task A_failed_start_names_the_instance_and_the_reason()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "in the way");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => _cloud.CreateAsync(Group, "app-worker-1", Stop));
        Assert.StartsWith("cannot start app-worker-1: ", failure.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in await _cloud.ListAsync(CancellationToken.None))
        {
            await _cloud.DeleteAsync(instance, CancellationToken.None);
        }
        Environment.SetEnvironmentVariable("FAAFO_PROGRAMS", null);
        Directory.Delete(_folder, recursive: true);
    }

    private string State => Path.Combine(_folder, "state");

    private string FolderOf(string name) => Path.Combine(State, "instances", name);

    private string PidFile(string name) => Path.Combine(FolderOf(name), "pid");

    private LocalInstances Cloud(FlockSpec? flock = null) =>
        new(new LocalSettings(State, new Uri("http://127.0.0.1:9/"), flock ?? new FlockSpec()), TimeProvider.System);

    // Waits until the shell has become the program.
    private async Task<int> PidAsync(string name)
    {
        var pid = 0;
        await Eventually.TrueAsync($"{name} runs", async stop => File.Exists(PidFile(name))
            && int.TryParse((await File.ReadAllTextAsync(PidFile(name), stop)).Split(' ')[0], CultureInfo.InvariantCulture, out pid)
            && (await File.ReadAllTextAsync($"/proc/{pid}/cmdline", stop)).StartsWith("sleep", StringComparison.Ordinal));
        return pid;
    }
}
