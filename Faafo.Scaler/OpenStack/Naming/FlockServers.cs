using Faafo.OpenStack.Compute;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>Reads the scaler's tags and the state of a flock's servers.</summary>
internal static class FlockServers
{
    private const string GroupPrefix = "group=";
    private const string Deleting = "deleting";

    private static readonly HashSet<ServerStatus> Ended = [ServerStatus.Error, ServerStatus.Deleted, ServerStatus.SoftDeleted];

    // Programs in such a server do not run at the moment. In all others they may: Nova can migrate a running server, and a status that is
    // not listed here says nothing about them (nova/api/openstack/common.py, _STATE_MAP).
    private static readonly HashSet<ServerStatus> Stopped =
    [
        ServerStatus.Shutoff, ServerStatus.Paused, ServerStatus.Suspended, ServerStatus.Shelved, ServerStatus.ShelvedOffloaded,
        ServerStatus.Rescue, ServerStatus.Resize, ServerStatus.RevertResize, ServerStatus.Rebuild, ServerStatus.Reboot,
        ServerStatus.HardReboot,
    ];

    /// <summary>The tag of a group's servers.</summary>
    public static string GroupTag(string group) => GroupPrefix + group;

    /// <summary>The group in a server's tags; empty if they name none.</summary>
    public static string GroupOf(Server server)
    {
        var tag = server.Tags.FirstOrDefault(tag => tag.StartsWith(GroupPrefix, StringComparison.Ordinal));
        return tag is null ? "" : tag[GroupPrefix.Length..];
    }

    /// <summary>Whether a server has failed or was deleted, and no operator has locked it.</summary>
    public static bool HasEnded(Server server) => Ended.Contains(server.Status) && !server.IsLocked;

    /// <summary>Whether a server may work at the moment; whether it does is reported by its heartbeat.</summary>
    public static bool MayWork(Server server) => !Ended.Contains(server.Status) && !Stopped.Contains(server.Status);

    /// <summary>
    /// The status of a server that must be left alone: someone has stopped, paused or locked it or is changing it, or its status is not
    /// known here. Null for a server that boots, runs or has failed by itself.
    /// </summary>
    public static string? HeldStatus(Server server)
    {
        var isChanging = server.Status == ServerStatus.Active && server.TaskState is not (null or "" or Deleting);
        var isOwnCourse = server.Status == ServerStatus.Active || server.Status == ServerStatus.Build || Ended.Contains(server.Status);
        if (isOwnCourse && !isChanging && !server.IsLocked)
        {
            return null;
        }
        var task = isChanging ? $", {server.TaskState}" : "";
        return $"{server.Status}{task}{(server.IsLocked ? ", locked" : "")}";
    }

    /// <summary>Whether an older server of the flock has the same name.</summary>
    public static bool IsDuplicate(Server server, IEnumerable<Server> all) => all.Any(other => other.Name == server.Name
        && other.Status != ServerStatus.Error && (other.Created, other.Id).CompareTo((server.Created, server.Id)) < 0);
}
