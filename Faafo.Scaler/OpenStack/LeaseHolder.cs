using System.Text.Json.Serialization;
using Faafo.Scaler.Local;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// The holder of a lease. The random id distinguishes holders; the process is for people, and shows whether a holder on this host was
/// killed.
/// </summary>
internal sealed record LeaseHolder(
    string Id, string Host, int Process, string Began, DateTimeOffset Since, string Boot = "", string Namespace = "")
{
    /// <summary>Describes this process as a new holder.</summary>
    public static LeaseHolder New(DateTimeOffset now) => new(Guid.NewGuid().ToString("N"), ProcessIdentity.Own.Host, ProcessIdentity.Own.Id,
        ProcessIdentity.Own.Began, now, ProcessIdentity.Own.Boot, ProcessIdentity.Own.Namespace);

    /// <summary>Whether the process was killed on this host; false also when that cannot be known.</summary>
    [JsonIgnore]
    public bool HasEnded => new ProcessIdentity(Host, Boot, Namespace, Process, Began).HasEnded;
}
