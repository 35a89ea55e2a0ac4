using System.Text.Json;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>
/// The records of a state directory's instances: <c>STATE/instances/NAME/</c> with <c>instance.json</c> and <c>pid</c>, and
/// <c>STATE/logs/NAME.log</c>.
/// </summary>
internal sealed class InstanceDirectory(string stateDir)
{
    private readonly string _instances = Path.Combine(stateDir, "instances");

    /// <summary>The instances' logs.</summary>
    public InstanceLogs Logs { get; } = new(Path.Combine(stateDir, "logs"));

    /// <summary>Reads all records, ordered by name; unreadable ones are skipped.</summary>
    public IEnumerable<InstanceRecord> List() => Folders().Order(StringComparer.Ordinal).Select(Read).OfType<InstanceRecord>();

    /// <summary>Reads a record; null when there is none.</summary>
    public InstanceRecord? Find(string name) => Read(FolderOf(name));

    /// <summary>
    /// Finds the folders without a readable record, which a scaler left that was killed while it made or deleted one, or whose record is
    /// damaged.
    /// </summary>
    public IEnumerable<string> FindUnrecorded() =>
        Folders().Where(folder => Read(folder) is null).Select(folder => Path.GetFileName(folder));

    /// <summary>Finds the processes of all instances, with a readable record or not.</summary>
    public IEnumerable<int> FindProcesses() => Folders().Select(PidFile.Find).OfType<int>();

    /// <summary>Finds the flock's API; null when none runs.</summary>
    public Uri? FindEndpoint() => Running().FirstOrDefault(record => record.Group == FlockSpec.Api)?.Endpoint;

    /// <summary>Whether HAProxy runs in front of the APIs, or did before it was killed.</summary>
    public bool HasBalancer() => Running().Any(record => record.Group == FlockSpec.LoadBalancer
        || (record.Group == FlockSpec.Api && record.Own is { } own && own != record.Endpoint));

    /// <summary>Writes a record, as a whole or not at all.</summary>
    public void Write(InstanceRecord record)
    {
        Directory.CreateDirectory(FolderOf(record.Name));
        Directory.CreateDirectory(Logs.Folder);
        var path = RecordIn(FolderOf(record.Name));
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(record, LocalJson.Default.InstanceRecord));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Deletes a record.</summary>
    public void Delete(string name) => Directory.Delete(FolderOf(name), recursive: true);

    /// <summary>Names the folder of an instance.</summary>
    public string FolderOf(string name) => Path.Combine(_instances, name);

    private string[] Folders() => Directory.Exists(_instances) ? Directory.GetDirectories(_instances) : [];

    private IEnumerable<InstanceRecord> Running() =>
        Folders().Where(folder => PidFile.Find(folder) is not null).Select(Read).OfType<InstanceRecord>();

    private static string RecordIn(string folder) => Path.Combine(folder, "instance.json");

    private static InstanceRecord? Read(string folder)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllText(RecordIn(folder)), LocalJson.Default.InstanceRecord);
            return record is { Id: not null, Group: not null } && record.Name == Path.GetFileName(folder) ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
