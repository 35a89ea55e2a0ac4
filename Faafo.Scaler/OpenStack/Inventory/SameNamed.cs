using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>Servers of flocks of the same name in the same project, such as those of a flock whose container was deleted.</summary>
internal static class SameNamed
{
    /// <summary>Describes them for people; null if there are none.</summary>
    public static async Task<string?> DescribeAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var others = await cloud.Compute.ListServersAsync(new ServerQuery { Tags = [names.Tag] }, cancellationToken)
            .Where(server => names.IsInProject(server.ProjectId) && server.Tags.Contains(names.Tag) && !names.Owns(server))
            .ToListAsync(cancellationToken);
        if (others.Count == 0)
        {
            return null;
        }
        var ids = others.Select(server => ResourceNames.IdOf(server) ?? "no id").Distinct().Order(StringComparer.Ordinal);
        return $"  {others.Count} servers of this project belong to other flocks of this name ({string.Join(", ", ids)}) and are left "
            + "alone; if one is yours and its container was deleted, set 'id' in flock.yaml";
    }
}
