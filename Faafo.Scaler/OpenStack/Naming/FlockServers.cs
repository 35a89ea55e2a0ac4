using Faafo.OpenStack.Compute;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>Reads the scaler's tags and the state of a flock's servers.</summary>
internal static class FlockServers
{
    private const string GroupPrefix = "group=";

    // Working, or on the way to work without help. ERROR, SHUTOFF and the like do not recover by themselves.
    private static readonly HashSet<ServerStatus> AliveStatuses =
    [
        ServerStatus.Active, ServerStatus.Build, ServerStatus.Reboot, ServerStatus.HardReboot, ServerStatus.Rebuild, ServerStatus.Password,
        ServerStatus.Migrating, ServerStatus.Resize, ServerStatus.VerifyResize, ServerStatus.RevertResize, ServerStatus.Unknown,
    ];

    /// <summary>The tag of a group's servers.</summary>
    public static string GroupTag(string group) => GroupPrefix + group;

    /// <summary>The group in a server's tags; empty if they name none.</summary>
    public static string GroupOf(Server server)
    {
        var tag = server.Tags.FirstOrDefault(tag => tag.StartsWith(GroupPrefix, StringComparison.Ordinal));
        return tag is null ? "" : tag[GroupPrefix.Length..];
    }

    /// <summary>Whether a server works, or will without help.</summary>
    public static bool IsAlive(Server server) => AliveStatuses.Contains(server.Status);

    /// <summary>Whether an older server of the flock has the same name.</summary>
    public static bool IsDuplicate(Server server, IEnumerable<Server> all) => all.Any(other => other.Name == server.Name
        && other.Status != ServerStatus.Error && (other.Created, other.Id).CompareTo((server.Created, server.Id)) < 0);
}
