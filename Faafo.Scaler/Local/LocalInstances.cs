using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>
/// Processes of this host as instances. What a cloud keeps in tags is kept in <c>STATE/instances/NAME/</c>: <c>instance.json</c>,
/// written before the process is started, and <c>pid</c>, written by the process itself, so that an instance of a scaler that was
/// killed at any moment is found again (<see cref="PidFile"/>). Its output goes to <c>STATE/logs/NAME.log</c>.
/// </summary>
internal sealed partial class LocalInstances(LocalSettings settings, TimeProvider time) : IInstanceProvider
{
    // How long a new process may take to write its pid.
    private static readonly TimeSpan StartupGrace = TimeSpan.FromSeconds(5);

    // Ctrl-C in the terminal goes to every process started from it. Only the scaler obeys it; it then tells the others.
    private const string Launcher = """trap '' INT; """ + PidFile.Script + """ || exit 1; exec "$0" "$@" >> "$FAAFO_LOG_FILE" 2>&1 < /dev/null""";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private const int HashDigits = 12;

    private readonly string _instances = Path.Combine(settings.StateDir, "instances");
    private readonly string _logs = Path.Combine(settings.StateDir, "logs");

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken)
    {
        var instances = new List<Instance>();
        if (Directory.Exists(_instances))
        {
            foreach (var folder in Directory.EnumerateDirectories(_instances).Order(StringComparer.Ordinal))
            {
                if (Read(folder) is { } record)
                {
                    instances.Add(new Instance(record.Id, record.Name, record.Group, record.CreatedAt, IsRunning(folder, record)));
                }
            }
        }
        return Task.FromResult<IReadOnlyList<Instance>>(instances);
    }

    public async Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken)
    {
        var program = ProgramOf(group.Name);
        var folder = Path.Combine(_instances, name);
        // Behind HAProxy, which has the flock's port, each API has one of its own; HAProxy needs another for its statistics.
        var own = group.Name switch
        {
            FlockSpec.LoadBalancer => FreeAddress(),
            FlockSpec.Api => settings.Flock.Balancing == Balancing.HAProxy ? FreeAddress() : settings.Endpoint,
            _ => null,
        };
        var config = group.Name == FlockSpec.LoadBalancer ? await AskForConfigAsync(name, own!, cancellationToken) : null;
        var record = new InstanceRecord(Guid.NewGuid().ToString("N"), name, group.Name, time.GetUtcNow(), settings.Endpoint, own, SpecOf(group, program));
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(_logs);
            var json = Path.Combine(folder, "instance.json");
            File.WriteAllText(json + ".new", JsonSerializer.Serialize(record, LocalJson.Default.InstanceRecord));
            File.Move(json + ".new", json, overwrite: true);
            if (config is not null)
            {
                await HAProxySupervisor.ReplaceAsync(ConfigOf(folder), config, cancellationToken);
            }
            using var process = Process.Start(Launch(program, group, name, folder, own));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot start {name}: {e.Message}", e);
        }
        return new Instance(record.Id, name, group.Name, record.CreatedAt, IsRunning: true);
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken)
    {
        var spec = SpecOf(settings.Flock.Groups.First(one => one.Name == group), ProgramOf(group));
        var records = Directory.Exists(_instances) ? Directory.EnumerateDirectories(_instances).Select(Read) : [];
        return Task.FromResult<IReadOnlySet<string>>(records.OfType<InstanceRecord>().Where(one => one.Group == group && one.Spec != spec).Select(one => one.Id).ToHashSet());
    }

    public async Task StopAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindAsync(instance, cancellationToken) is { } pid)
        {
            Terminate(pid);
        }
    }

    public async Task DeleteAsync(Instance instance, CancellationToken cancellationToken)
    {
        var folder = FolderOf(instance);
        if (Read(folder)?.Id != instance.Id)
        {
            return;     // the name has been given to another instance meanwhile
        }
        while (await FindAsync(instance, cancellationToken) is { } pid)
        {
            _ = Kill(pid, SigKill);
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Ends every process at once, and leaves the records to the next scaler.</summary>
    public void KillAll()
    {
        foreach (var folder in Directory.Exists(_instances) ? Directory.GetDirectories(_instances) : [])
        {
            if (PidFile.Find(folder) is { } pid)
            {
                _ = Kill(pid, SigKill);
            }
        }
    }

    /// <summary>Where the API of a state directory listens; null when none runs there.</summary>
    public static Uri? EndpointOf(string stateDir)
    {
        var instances = Path.Combine(stateDir, "instances");
        return Directory.Exists(instances)
            ? Directory.GetDirectories(instances).Where(folder => PidFile.Find(folder) is not null).Select(Read)
                .FirstOrDefault(record => record?.Group == FlockSpec.Api)?.Endpoint
            : null;
    }

    /// <summary>Asks a process to end, as <c>kill</c> does.</summary>
    public static void Terminate(int pid) => _ = Kill(pid, SigTerm);

    /// <summary>Sends a signal; 0 sends none and only looks.</summary>
    /// <returns>0, or the system's error number.</returns>
    public static int Signal(int pid, int signal) => Kill(pid, signal) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) =>
        Task.FromResult(File.Exists(LogOf(instance.Name)) ? string.Join('\n', File.ReadLines(LogOf(instance.Name)).TakeLast(10)) : null);

    /// <summary>Where an instance writes its log.</summary>
    public string LogOf(string name) => Path.Combine(_logs, name + ".log");

    private static string ProgramOf(string group) => group switch
    {
        FlockSpec.LoadBalancer => HAProxySupervisor.FindProgram(),
        FlockSpec.Api => ProgramPaths.Find("faafo-api"),
        _ => ProgramPaths.Find("faafo-worker"),
    };

    // What an instance is made of: what it is told, and its program, which a new build has written later.
    private string SpecOf(GroupSpec group, string program)
    {
        var built = Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*.dll").Append(program).Max(File.GetLastWriteTimeUtc);
        var flock = settings.Flock;
        var template = $"{built:O} {group.Slots} {flock.TransportUrl} {flock.DatabaseUrl} {flock.ImageStoreUrl}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template)))[..HashDigits];
    }

    private ProcessStartInfo Launch(string program, GroupSpec group, string name, string folder, Uri? own)
    {
        string[] common = ["--state-dir", settings.StateDir, "--node-name", name, "--heartbeat", "1s"];
        string[] command = group.Name switch
        {
            // In a session of its own, since HAProxy obeys a Ctrl-C even where it was told to ignore it.
            FlockSpec.LoadBalancer => ["setsid", program, "-W", "-f", ConfigOf(folder)],
            FlockSpec.Api => [program, .. common, "--urls", own!.AbsoluteUri.TrimEnd('/')],
            _ => [program, .. common, "--endpoint-url", settings.Endpoint.AbsoluteUri, "--slots", group.Slots.ToString(CultureInfo.InvariantCulture)],
        };
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", Launcher, .. command])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[PidFile.Variable] = PidFile.In(folder);
        start.Environment["FAAFO_LOG_FILE"] = LogOf(name);
        start.Environment["DOTNET_ROOT"] = ProgramPaths.DotnetRoot;
        // Not as arguments: these may hold passwords, and every user can list those.
        foreach (var (option, url) in (ReadOnlySpan<(string, string?)>)[("FAAFO_TRANSPORT_URL", settings.Flock.TransportUrl),
            ("FAAFO_DATABASE_URL", settings.Flock.DatabaseUrl), ("FAAFO_IMAGE_STORE_URL", settings.Flock.ImageStoreUrl)])
        {
            if (url is not null)
            {
                start.Environment[option] = url;
            }
        }
        return start;
    }

    // In this order: a pid that is written between the two looks is found by the second. The other way round both would miss it.
    private bool IsRunning(string folder, InstanceRecord record) => IsBeingBorn(folder, record.CreatedAt) || PidFile.Find(folder) is not null;

    // A process that was started a moment ago may not have written its pid yet.
    private bool IsBeingBorn(string folder, DateTimeOffset createdAt) => !PidFile.IsWritten(folder) && (time.GetUtcNow() - createdAt).Duration() < StartupGrace;

    // Whoever ends a process that is being born must wait for its pid, or it would live on without a record.
    private async Task<int?> FindAsync(Instance instance, CancellationToken cancellationToken)
    {
        var folder = FolderOf(instance);
        while (IsBeingBorn(folder, instance.CreatedAt))
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        return PidFile.Find(folder);
    }

    private string FolderOf(Instance instance) => Path.Combine(_instances, instance.Name);

    private static InstanceRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, "instance.json")), LocalJson.Default.InstanceRecord);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private const int SigTerm = 15;
    private const int SigKill = 9;
    private const int SigUsr2 = 12;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
