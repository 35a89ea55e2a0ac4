using System.Text.Json.Serialization;
using Faafo.Scaler.Local;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// The holder of a lease. The random id distinguishes holders; the process is for people, and to notice a holder that was killed on this
/// host.
/// </summary>
internal sealed record LeaseHolder(
    string Id, string Host, int Process, string Began, DateTimeOffset Since, string Boot = "", string Namespace = "")
{
    /// <summary>Creates a holder for this process.</summary>
    public static LeaseHolder New(DateTimeOffset now) => new(Guid.NewGuid().ToString("N"), ProcessIdentity.Own.Host, ProcessIdentity.Own.Id,
        ProcessIdentity.Own.Began, now, ProcessIdentity.Own.Boot, ProcessIdentity.Own.Namespace);

    /// <summary>Whether the process has ended on this host; false if that cannot be determined.</summary>
    [JsonIgnore]
    public bool HasEnded => new ProcessIdentity(Host, Boot, Namespace, Process, Began).HasEnded;
}
