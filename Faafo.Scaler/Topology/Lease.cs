using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.Topology;

/// <summary>Who holds a lease.</summary>
internal sealed record LeaseHolder(string Id, string Host, int Process, string Began, DateTimeOffset Since);

/// <summary>
/// One scaler at a time for one flock of a cloud: an object in the flock's container that is made with If-None-Match and read
/// again, so that one of several has it, and that Swift forgets by itself (X-Delete-After) unless its holder renews it. A holder that was killed on this
/// host is seen to be gone at once; on another host, a minute later.
/// </summary>
internal sealed partial class Lease : IAsyncDisposable
{
    private const string Object = "lease.json";

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Swift looks whether an object is there and stores it a moment later, so that several who ask at once are all told that they made it
    /// (swift/obj/server.py, PUT). Whose it is in the end is known once all of them have been stored.
    /// </summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly OpenStackClient _cloud;
    private readonly Names _names;
    private readonly TimeProvider _time;
    private readonly LeaseHolder _holder;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost = new();
    private Task _renewing = Task.CompletedTask;

    private Lease(OpenStackClient cloud, Names names, TimeProvider time)
    {
        (_cloud, _names, _time) = (cloud, names, time);
        _holder = new LeaseHolder(Guid.NewGuid().ToString("N"), Environment.MachineName, Environment.ProcessId, Began(Environment.ProcessId) ?? "", time.GetUtcNow());
    }

    /// <summary>Set when someone else has it: whoever held it must change nothing any more.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes the lease.</summary>
    /// <exception cref="FailureException">Another scaler has it.</exception>
    public static async Task<Lease> TakeAsync(OpenStackClient cloud, Names names, Action<string> progress, TimeProvider time, CancellationToken cancellationToken)
    {
        await Vault.EnsureContainerAsync(cloud, names, names.Container, progress, cancellationToken);
        var lease = new Lease(cloud, names, time);
        try
        {
            while (!await lease.TryTakeAsync(cancellationToken))
            {
                // There was none, or that of a scaler that is gone.
            }
        }
        catch
        {
            await lease.DisposeAsync();     // interrupted, it may have been stored
            throw;
        }
        lease._renewing = lease.RenewAsync();
        return lease;
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        try
        {
            if (!_lost.IsCancellationRequested && (await ReadAsync(CancellationToken.None))?.Id == _holder.Id)
            {
                await _cloud.ObjectStorage.DeleteObjectAsync(_names.Container, Object, CancellationToken.None);
            }
        }
        catch (OpenStackException)
        {
            // It ends by itself.
        }
        _end.Dispose();
        _lost.Dispose();
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PutAsync(onlyIfNew: true, cancellationToken);
        }
        catch (ConflictException)
        {
            // Somebody's is there; it is our own if the answer to a first attempt was lost.
        }
        var holder = await ReadAsync(cancellationToken);
        if (holder?.Id == _holder.Id)
        {
            await Task.Delay(Settling, _time, cancellationToken);
            holder = await ReadAsync(cancellationToken);
        }
        if (holder is null || holder.Id == _holder.Id)
        {
            return holder is not null;
        }
        if (holder.Host != Environment.MachineName || Began(holder.Process) == holder.Began)
        {
            throw new FailureException(string.Create(CultureInfo.InvariantCulture,
                $"a scaler (process {holder.Process} on {holder.Host}, since {holder.Since:u}) runs the flock '{_names.Flock}' already: stop it first; ")
                + $"if it was killed, its lease ends within {Life.TotalSeconds:0} s");
        }
        await _cloud.ObjectStorage.DeleteObjectAsync(_names.Container, Object, cancellationToken);
        return false;
    }

    private async Task RenewAsync()
    {
        var renewed = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await Task.Delay(Renewal, _time, _end.Token);
                if ((await ReadAsync(_end.Token))?.Id != _holder.Id)
                {
                    break;
                }
                await PutAsync(onlyIfNew: false, _end.Token);
                renewed = _time.GetTimestamp();
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (OpenStackException) when (_time.GetElapsedTime(renewed) < Life - Renewal)
            {
                // There is time for another try.
            }
            catch (OpenStackException)
            {
                break;
            }
        }
        await _lost.CancelAsync();
    }

    private async Task PutAsync(bool onlyIfNew, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(_holder, LeaseJson.Default.LeaseHolder));
        await _cloud.ObjectStorage.UploadAsync(_names.Container, Object, content,
            new UploadOptions { OnlyIfNew = onlyIfNew, DeleteAfter = Life, ContentType = "application/json" }, cancellationToken);
    }

    private async Task<LeaseHolder?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await _cloud.ObjectStorage.DownloadAsync(_names.Container, Object, cancellationToken: cancellationToken);
            return await JsonSerializer.DeserializeAsync(download.Content, LeaseJson.Default.LeaseHolder, cancellationToken);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    // When a process began, in clock ticks since the boot (proc(5)), so that another one of the same number is not taken for it.
    private static string? Began(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat", Encoding.UTF8);
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is { Length: > 19 } fields && fields[0] is not ("Z" or "X") ? fields[19] : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(LeaseHolder))]
internal sealed partial class LeaseJson : JsonSerializerContext;
