using Faafo.Scaler.Control;
using Faafo.OpenStack.Compute;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>Compares the servers and floating IPs of a flock's groups with those in the cloud.</summary>
internal sealed class ServerPlan(FlockSpec flock, ResourceNames names, ManagedResources managed, ExternalResources external)
{
    private readonly List<Change> _changes = [];
    private readonly List<string> _missing = [];

    /// <summary>The changes, group by group.</summary>
    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>The names of the instances to create.</summary>
    public IReadOnlyList<string> Missing => _missing;

    /// <summary>The number of floating IPs to attach to instances.</summary>
    public int MissingAddresses { get; private set; }

    /// <summary>Compares all groups.</summary>
    public void Compare()
    {
        foreach (var group in flock.AllGroups)
        {
            var servers = managed.Servers.Where(server => FlockServers.GroupOf(server) == group.Name).ToArray();
            CompareStates(group, servers);
            CompareAddresses(group);
            // Two servers of one name: the response to a request was lost, and its scaler ended. The loop removes the younger ones.
            _changes.AddRange(servers.Where(server => FlockServers.IsDuplicate(server, servers))
                .Select(server => new Change('-', $"server {server.Name} ({server.Id}): duplicate of an older server")));
            if (servers.Length > group.Policy.Max)
            {
                _changes.Add(new('-', $"{servers.Length - group.Policy.Max} servers of {group.Name}: more than max, will be drained"));
            }
        }
    }

    private void CompareStates(GroupSpec group, IReadOnlyList<Server> servers)
    {
        var holdsData = group.Name == FlockSpec.Services;
        foreach (var failed in servers.Where(FlockServers.HasEnded))
        {
            _changes.Add(holdsData
                ? new('~', $"server {failed.Name}: is {failed.Status} and holds the data; repair it yourself, it is never replaced")
                : new('-', $"server {failed.Name}: is {failed.Status}"));
        }
        _changes.AddRange(servers.Where(server => holdsData && server.Status == ServerStatus.Shutoff)
            .Select(server => new Change('~', $"server {server.Name}: is {server.Status} and holds the data; start it yourself")));
        // A server that an operator stopped is there: its name is taken, and starting it is up to the operator.
        var present = servers.Where(server => holdsData || !FlockServers.HasEnded(server)).Select(server => server.Name).ToHashSet();
        for (var n = 1; present.Count < group.Policy.Min; n++)
        {
            var node = InstanceName.Of(group.Name, n);
            if (present.Add(node))
            {
                _missing.Add(node);
                _changes.Add(new('+', $"server {node}: {external.Images[group.Name].Name}, {external.Flavors[group.Name].Name}"));
            }
        }
    }

    private void CompareAddresses(GroupSpec group)
    {
        if (!flock.HasFloatingIP(group))
        {
            return;
        }
        var attached = managed.FloatingIPs.Concat(managed.ReusedFloatingIPs).Select(address => address.PortId).OfType<string>().ToHashSet();
        foreach (var node in Enumerable.Range(1, group.Policy.Min).Select(n => InstanceName.Of(group.Name, n)))
        {
            var port = managed.Ports.FirstOrDefault(one => one.Name == names.Of(node))?.Id;
            if (port is null || !attached.Contains(port))
            {
                MissingAddresses++;
                _changes.Add(new('+', $"floating address of {node}"));
            }
        }
    }
}
