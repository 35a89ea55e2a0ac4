using Faafo.OpenStack.Compute;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>Reads the scaler's tags and the state of a flock's servers.</summary>
internal static class FlockServers
{
    private const string GroupPrefix = "group=";

    // Working, or on the way to work without help. ERROR, SHUTOFF and the like do not recover by themselves.
    private static readonly HashSet<string> AliveStatuses =
    [
        "ACTIVE", "BUILD", "REBOOT", "HARD_REBOOT", "REBUILD", "PASSWORD", "MIGRATING", "RESIZE", "VERIFY_RESIZE", "REVERT_RESIZE",
        "UNKNOWN",
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
        && other.Status != "ERROR" && (other.Created, other.Id).CompareTo((server.Created, server.Id)) < 0);
}
