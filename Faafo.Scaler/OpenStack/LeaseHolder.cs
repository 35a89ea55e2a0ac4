using System.Text.Json.Serialization;
using Faafo.Scaler.Local;

namespace Faafo.Scaler.OpenStack;

/// <summary>Who holds a lease: the random id tells holders apart, the process is for people and for a holder that was killed on this host.</summary>
internal sealed record LeaseHolder(string Id, string Host, int Process, string Began, DateTimeOffset Since, string Boot = "", string Namespace = "")
{
    /// <summary>A new holder in this process.</summary>
    public static LeaseHolder New(DateTimeOffset now) => new(Guid.NewGuid().ToString("N"), ProcessIdentity.Own.Host, ProcessIdentity.Own.Id,
        ProcessIdentity.Own.Began, now, ProcessIdentity.Own.Boot, ProcessIdentity.Own.Namespace);

    /// <summary>Whether the process was killed on this host. False also when it cannot be known.</summary>
    [JsonIgnore]
    public bool HasEnded => new ProcessIdentity(Host, Boot, Namespace, Process, Began).HasEnded;
}
