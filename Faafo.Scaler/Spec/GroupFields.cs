using Faafo.Scaler.Policy;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>Reads <c>groups</c> of flock.yaml.</summary>
internal sealed class GroupFields(YamlFields fields)
{
    private const int MostInstances = 10_000;
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>Reads the groups of a flock.</summary>
    public FlockSpec Read(FlockSpec flock, YamlNode node)
    {
        string[] known = flock.IsLocal
            ? [.. flock.Groups.Select(group => group.Name)]
            : [FlockSpec.Services, FlockSpec.LoadBalancer, FlockSpec.Api, FlockSpec.Worker];
        foreach (var (name, value) in fields.Entries(node, "groups", known))
        {
            flock = name switch
            {
                FlockSpec.Services => flock with { ServiceNodes = RequireOne(Group(flock.ServiceNodes, value), value) },
                FlockSpec.LoadBalancer => flock with { Balancers = RequireOne(Group(flock.Balancers, value), value) },
                FlockSpec.Api => flock with { Apis = Group(flock.Apis, value) },
                _ => flock with { Workers = Group(flock.Workers, value) },
            };
        }
        if (flock.IsLocal && flock.Balancing == Balancing.None && flock.Apis.Policy.Max > 1)
        {
            throw fields.Error(
                node.Start, $"groups.api.max must be 1 on the local cloud without lb: haproxy (got {flock.Apis.Policy.Max})");
        }
        if (!flock.IsLocal && flock.Apis.Policy.Min == 0)
        {
            throw fields.Error(node.Start, "groups.api.min must be at least 1 on a cloud (got 0): the scaler reads the queue from the API");
        }
        return flock;
    }

    private GroupSpec RequireOne(GroupSpec group, YamlNode node)
    {
        var min = group.Policy.Min;
        var max = group.Policy.Max;
        if (min == 1 && max == 1)
        {
            return group;
        }
        throw fields.Error(node.Start, $"{group.Name} must have one instance: min and max must be 1 (got {min} and {max})");
    }

    private GroupSpec Group(GroupSpec group, YamlNode node)
    {
        var entries = fields.Entries(node, group.Name, "min", "max", "slots", "policy",
            "image", "flavor", "floating_ip", "security_groups", "availability_zones");
        // The policy comes last, whatever the order in the file: its default of tasks per worker depends on the slots.
        foreach (var (name, value) in entries.OrderBy(entry => entry.Name == "policy"))
        {
            group = name switch
            {
                "min" => group with { Policy = group.Policy with { Min = fields.WholeNumber(value, name, 0, MostInstances) } },
                "max" => group with { Policy = group.Policy with { Max = fields.WholeNumber(value, name, 1, MostInstances) } },
                "slots" => WithSlots(group, fields.WholeNumber(value, name, 1, 1024)),
                "policy" => group with { Policy = Policy(group.Policy, value) },
                "image" => group with { Image = fields.Text(value, name) },
                "flavor" => group with { Flavor = fields.Text(value, name) },
                "floating_ip" => group with { FloatingIP = fields.Flag(value, name) },
                "security_groups" => group with { SecurityGroups = fields.Texts(value, name) },
                _ => group with { AvailabilityZones = fields.Texts(value, name) },
            };
        }
        if (group.Policy.Min > group.Policy.Max)
        {
            throw fields.Error(node.Start, $"{group.Name}: min must be at most max, which is {group.Policy.Max} (got {group.Policy.Min})");
        }
        return group;
    }

    private static GroupSpec WithSlots(GroupSpec group, int slots) => group with
    {
        Slots = slots,
        Policy = group.Policy with { TasksPerWorker = slots * PolicyOptions.TasksPerSlot },
    };

    private PolicyOptions Policy(PolicyOptions policy, YamlNode node)
    {
        var entries = fields.Entries(node, "policy", "tasks_per_worker", "work_target", "load_target", "tolerance",
            "scale_in_window", "max_step", "boot_timeout");
        foreach (var (name, value) in entries)
        {
            policy = name switch
            {
                "tasks_per_worker" => policy with { TasksPerWorker = fields.Number(value, name, 0.1, 1e6) },
                "work_target" => policy with { WorkTarget = fields.Time(value, name, OneSecond, OneDay) },
                "load_target" => policy with { LoadTarget = fields.Number(value, name, 0.01, 1000) },
                "tolerance" => policy with { Tolerance = fields.Number(value, name, 0, 1) },
                "scale_in_window" => policy with { ScaleInWindow = fields.Time(value, name, TimeSpan.Zero, OneDay) },
                "max_step" => policy with { MaxStep = fields.WholeNumber(value, name, 1, MostInstances) },
                _ => policy with { BootTimeout = fields.Time(value, name, OneSecond, OneDay) },
            };
        }
        return policy;
    }
}
