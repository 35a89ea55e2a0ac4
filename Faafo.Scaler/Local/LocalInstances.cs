using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Faafo.Scaler.Control;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>
/// Processes of this host as instances. The tags of a cloud are here a record in <see cref="InstanceDirectory"/>, written before the
/// process starts, and <see cref="PidFile"/>, written by the process itself, so that an instance of a scaler that was killed at any moment
/// is found again.
/// </summary>
/// <param name="settings">The flock's settings.</param>
/// <param name="time">The clock.</param>
/// <param name="kill">Ends a process at once; null for SIGKILL.</param>
internal sealed class LocalInstances(LocalSettings settings, TimeProvider time, Action<int>? kill = null) : IInstanceProvider
{
    private const int HashDigits = 12;

    private static readonly TimeSpan StartupGrace = TimeSpan.FromSeconds(5);        // a new process may take this long to write its pid
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    private readonly Action<int> _kill = kill ?? ProcessSignal.Kill;

    /// <summary>The instances' records.</summary>
    public InstanceDirectory Records { get; } = new(settings.StateDir);

    /// <summary>The flock's settings.</summary>
    public LocalSettings Settings => settings;

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Instance>>(
        [.. Records.List().Select(record => new Instance(record.Id, record.Name, record.Group, record.CreatedAt, IsRunning(record)))]);

    public async Task<Instance> CreateAsync(GroupSpec group, string name, CancellationToken cancellationToken)
    {
        var program = ProgramPaths.Of(group.Name);
        var own = ChooseAddress(group.Name);
        var isBalancer = group.Name == FlockSpec.LoadBalancer;
        var config = isBalancer ? await HAProxyConfiguration.FetchAsync(this, name, own!, cancellationToken) : null;
        var record = new InstanceRecord(
            Guid.NewGuid().ToString("N"), name, group.Name, time.GetUtcNow(), settings.Endpoint, own, HashOf(group, program));
        try
        {
            Records.Write(record);
            if (config is not null)
            {
                await HAProxyConfiguration.ReplaceAsync(HAProxyConfiguration.In(Records.FolderOf(name)), config, cancellationToken);
            }
            using var process = Process.Start(new ProcessLaunch(settings, Records).Prepare(program, group, name, own));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot start {name}: {e.Message}", e);
        }
        return new Instance(record.Id, name, group.Name, record.CreatedAt, IsRunning: true);
    }

    /// <summary>Asks an instance to finish its work and exit.</summary>
    public async Task StopAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (await FindProcessAsync(instance, cancellationToken) is { } id)
        {
            ProcessSignal.Terminate(id);
        }
    }

    public async Task DeleteAsync(Instance instance, CancellationToken cancellationToken)
    {
        if (Records.Find(instance.Name)?.Id != instance.Id)
        {
            return;     // another instance has the name by now
        }
        await DeleteFolderAsync(instance, cancellationToken);
    }

    /// <summary>Deletes the folders without a readable record, and ends what runs there unknown to everyone.</summary>
    /// <param name="cancellationToken">Stops between two of them.</param>
    /// <returns>Why some could not be deleted.</returns>
    public async Task<IReadOnlyList<string>> DeleteUnrecordedAsync(CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var name in Records.FindUnrecorded())
        {
            try
            {
                await DeleteFolderAsync(new Instance("", name, "", DateTimeOffset.MinValue, IsRunning: false), cancellationToken);
            }
            catch (ProviderException e)
            {
                failures.Add(e.Message);
            }
        }
        return failures;
    }

    private async Task DeleteFolderAsync(Instance instance, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await FindProcessAsync(instance, cancellationToken) is { } id)
        {
            if (time.GetElapsedTime(started) > KillTimeout)
            {
                throw Unkillable(instance.Name, id);
            }
            _kill(id);
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        var folder = Records.FolderOf(instance.Name);
        if (PidFile.Read(folder) is { IsElsewhere: true } process)
        {
            throw new ProviderException(ProviderErrorKind.Forbidden, $"{instance.Name} cannot be stopped from here: {process.Description}; "
                + $"run 'faafo-scaler down' there, or delete {folder} if it has exited");
        }
        try
        {
            Records.Delete(instance.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot delete the record of {instance.Name}: {e.Message}", e);
        }
    }

    public Task<IReadOnlySet<string>> FindDriftedAsync(string group, CancellationToken cancellationToken)
    {
        var hash = HashOf(settings.Flock.Groups.First(one => one.Name == group), ProgramPaths.Of(group));
        var drifted = Records.List().Where(record => record.Group == group && record.TemplateHash != hash);
        return Task.FromResult<IReadOnlySet<string>>(drifted.Select(record => record.Id).ToHashSet());
    }

    public Task<string?> GetConsoleTailAsync(Instance instance, CancellationToken cancellationToken) =>
        Task.FromResult(Records.Logs.ReadTail(instance.Name));

    /// <summary>Kills every process at once; the next scaler finds the records.</summary>
    public void KillAll()
    {
        foreach (var id in Records.FindProcesses())
        {
            _kill(id);
        }
    }

    // It waits for a disk or a file server (state D of proc(5)): the signal takes effect when that responds.
    private static ProviderException Unkillable(string name, int id)
    {
        var state = ProcessStat.Read(id)?.State is { } letter ? $", state {letter}" : "";
        return new ProviderException(ProviderErrorKind.Transient, $"{name} (process {id}{state}) has not exited "
            + $"{KillTimeout.TotalSeconds:0} s after SIGKILL: it probably waits for a disk or a file server; its record stays");
    }

    // Behind HAProxy, which has the flock's port, each API has a port of its own; HAProxy needs one for its statistics.
    private Uri? ChooseAddress(string group) => group switch
    {
        FlockSpec.LoadBalancer => FindFreeAddress(),
        FlockSpec.Api when settings.Flock.Balancing == Balancing.HAProxy => FindFreeAddress(),
        FlockSpec.Api => settings.Endpoint,
        _ => null,
    };

    // Another process may take the port first; the instance exits then, and its successor gets another port.
    private static Uri FindFreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}/");
    }

    // An instance is made from its settings and its program, whose files a new build has written later.
    private string HashOf(GroupSpec group, string program)
    {
        var built = Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*.dll").Append(program).Max(File.GetLastWriteTimeUtc);
        var flock = settings.Flock;
        var template = $"{built:O} {group.Slots} {flock.TransportUrl} {flock.DatabaseUrl} {flock.ImageStoreUrl}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template)))[..HashDigits];
    }

    // In this order: a pid that is written between the two looks is found by the second. The other way round both would miss it.
    private bool IsRunning(InstanceRecord record)
    {
        var folder = Records.FolderOf(record.Name);
        return IsStarting(folder, record.CreatedAt) || PidFile.Find(folder) is not null;
    }

    private bool IsStarting(string folder, DateTimeOffset createdAt) =>
        !PidFile.IsWritten(folder) && (time.GetUtcNow() - createdAt).Duration() < StartupGrace;

    // Waits for the pid of a starting process: if its record were deleted before, it would run on unknown.
    private async Task<int?> FindProcessAsync(Instance instance, CancellationToken cancellationToken)
    {
        var folder = Records.FolderOf(instance.Name);
        while (IsStarting(folder, instance.CreatedAt))
        {
            await Task.Delay(PollInterval, time, cancellationToken);
        }
        return PidFile.Find(folder);
    }
}
