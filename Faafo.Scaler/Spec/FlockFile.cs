using System.Globalization;
using Faafo.Options;
using Faafo.Scaler.Policy;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>
/// Reads flock.yaml. Every key is known or an error; every error says file, line, column, field and limit. What the file leaves out
/// keeps its default.
/// </summary>
internal sealed partial class FlockFile(string path, string? cloud = null, bool balanced = false)
{
    private YamlNode? _root;

    /// <summary>The flock that the file describes.</summary>
    /// <exception cref="UsageException">It cannot be read or says something that makes no sense.</exception>
    public FlockSpec Read()
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    /// <summary>The flock that a text describes.</summary>
    /// <exception cref="UsageException">It says something that makes no sense.</exception>
    public FlockSpec Read(TextReader reader)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw Error(e.Start, e.Message);
        }
        if (yaml.Documents.Count == 0)
        {
            return FlockSpec.Of(cloud ?? FlockSpec.Local) is var whole && balanced ? whole.Balanced() : whole;
        }
        var root = _root = yaml.Documents[0].RootNode;
        var entries = Entries(root, "the file",
            ["cloud", "interval", "transport_url", "database_url", "image_store_url", "groups", .. CloudKeys]).ToArray();
        // The command line's cloud comes before the file's; either sets the defaults of everything else.
        var flock = FlockSpec.Of(cloud ?? entries.Where(entry => entry.Name == "cloud").Select(entry => Text(entry.Value, "cloud")).FirstOrDefault() ?? FlockSpec.Local);
        if (flock.IsLocal && (balanced || entries.Any(entry => entry.Name == "lb" && Text(entry.Value, "lb") == "haproxy")))
        {
            flock = flock.Balanced();
        }
        foreach (var (_, value, name) in entries)
        {
            flock = name switch
            {
                "cloud" => flock,
                "interval" => flock with { Interval = Span(value, name, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)) },
                "transport_url" => flock with { TransportUrl = Address(flock, value, name, "amqp://", "amqps://", "sqlite:") },
                "database_url" => flock with { DatabaseUrl = Address(flock, value, name, "postgresql://", "postgres://", "sqlite:") },
                "image_store_url" => flock with { ImageStoreUrl = Address(flock, value, name, "swift:", "swift:", "file:") },
                "groups" => Groups(flock, value),
                _ => CloudKey(flock, name, value),
            };
        }
        return Checked(flock, root);
    }

    /// <summary>Where a field stood when the file was read, such as <c>groups.api.flavor</c>, or the innermost part of it that the file has.</summary>
    public string PlaceOf(string field)
    {
        var (at, within) = (_root, _root);
        foreach (var part in field.Split('.'))
        {
            within = within is YamlMappingNode keys && keys.Children.TryGetValue(new YamlScalarNode(part), out var value) ? value
                : within is YamlSequenceNode list && int.TryParse(part, out var index) ? list[index] : null;
            at = within ?? at;
        }
        return $"{path}:{at?.Start.Line ?? 1}:{at?.Start.Column ?? 1}";
    }

    private FlockSpec Groups(FlockSpec flock, YamlNode node)
    {
        foreach (var (_, value, name) in Entries(node, "groups", flock.IsLocal ? flock.Groups.Select(group => group.Name).ToArray() : [FlockSpec.Services, FlockSpec.LoadBalancer, FlockSpec.Api, FlockSpec.Worker]))
        {
            flock = name switch
            {
                FlockSpec.Services => flock with { ServiceNodes = OfOne(Group(flock.ServiceNodes, value), value) },
                FlockSpec.LoadBalancer => flock with { Balancers = OfOne(Group(flock.Balancers, value), value) },
                FlockSpec.Api => flock with { Apis = Group(flock.Apis, value) },
                _ => flock with { Workers = Group(flock.Workers, value) },
            };
        }
        if (flock.IsLocal && flock.Balancing == Balancing.None && flock.Apis.Policy.Max > 1)
        {
            throw Error(node.Start, $"groups.api.max must be 1 on the local cloud without lb: haproxy, not {flock.Apis.Policy.Max}");
        }
        return flock.IsLocal || flock.Apis.Policy.Min > 0 ? flock
            : throw Error(node.Start, "groups.api.min must be at least 1 on a cloud: the scaler asks the API what there is to do");
    }

    private GroupSpec OfOne(GroupSpec group, YamlNode node) => group.Policy is { Min: 1, Max: 1 } ? group
        : throw Error(node.Start, $"{group.Name} is a group of one: min and max must be 1, not {group.Policy.Min} and {group.Policy.Max}");

    private GroupSpec Group(GroupSpec group, YamlNode node)
    {
        var policy = group.Policy;
        // The policy comes last: its default of tasks per worker depends on the slots, whatever the order in the file.
        foreach (var (key, value, name) in Entries(node, group.Name, "min", "max", "slots", "policy",
            "image", "flavor", "floating_ip", "security_groups", "availability_zones").OrderBy(entry => entry.Name == "policy"))
        {
            switch (name)
            {
                case "min": policy = policy with { Min = Whole(value, name, 0, 10_000) }; break;
                case "max": policy = policy with { Max = Whole(value, name, 1, 10_000) }; break;
                case "slots":
                    group = group with { Slots = Whole(value, name, 1, 1024) };
                    policy = policy with { TasksPerWorker = group.Slots * PolicyOptions.TasksPerSlot };
                    break;
                case "policy": policy = Policy(policy, value); break;
                case "image": group = group with { Image = Text(value, name) }; break;
                case "flavor": group = group with { Flavor = Text(value, name) }; break;
                case "floating_ip": group = group with { FloatingIP = YesOrNo(value, name) }; break;
                case "security_groups": group = group with { SecurityGroups = Texts(value, name) }; break;
                default: group = group with { AvailabilityZones = Texts(value, name) }; break;
            }
        }
        return policy.Min <= policy.Max ? group with { Policy = policy }
            : throw Error(node.Start, $"{group.Name}: min must be at most max ({policy.Max}), not {policy.Min}");
    }

    private PolicyOptions Policy(PolicyOptions policy, YamlNode node)
    {
        foreach (var (key, value, name) in Entries(node, "policy", "tasks_per_worker", "work_target", "load_target", "tolerance",
            "scale_in_window", "max_step", "boot_timeout"))
        {
            policy = name switch
            {
                "tasks_per_worker" => policy with { TasksPerWorker = Number(value, name, 0.1, 1e6) },
                "work_target" => policy with { WorkTarget = Span(value, name, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) },
                "load_target" => policy with { LoadTarget = Number(value, name, 0.01, 1000) },
                "tolerance" => policy with { Tolerance = Number(value, name, 0, 1) },
                "scale_in_window" => policy with { ScaleInWindow = Span(value, name, TimeSpan.Zero, TimeSpan.FromDays(1)) },
                "max_step" => policy with { MaxStep = Whole(value, name, 1, 10_000) },
                _ => policy with { BootTimeout = Span(value, name, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) },
            };
        }
        return policy;
    }

    private IEnumerable<(YamlNode Key, YamlNode Value, string Name)> Entries(YamlNode node, string what, params string[] known)
    {
        if (node is not YamlMappingNode mapping)
        {
            // "worker:" with nothing behind it keeps the defaults.
            return node is YamlScalarNode { Value: "" or null } ? [] : throw Error(node.Start, $"{what} must be keys with values, not a {Kind(node)}");
        }
        return mapping.Children.Select(entry =>
        {
            var name = (entry.Key as YamlScalarNode)?.Value ?? "";
            return known.Contains(name) ? (entry.Key, entry.Value, name)
                : throw Error(entry.Key.Start, $"{what} has no key '{name}'; it has: {string.Join(", ", known)}");
        });
    }

    private string Text(YamlNode node, string field) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Error(node.Start, $"{field} must be text, not a {Kind(node)}");

    private int Whole(YamlNode node, string field, int least, int most) =>
        Options.Number.TryWhole(Text(node, field), out var number) && number >= least && number <= most
            ? number : throw Error(node.Start, $"{field} must be a whole number from {least} to {most}, not '{node}'");

    private double Number(YamlNode node, string field, double least, double most) =>
        Options.Number.TryReal(Text(node, field), out var number) && number >= least && number <= most
            ? number : throw Error(node.Start, string.Create(CultureInfo.InvariantCulture, $"{field} must be a number from {least} to {most}, not '{node}'"));

    private TimeSpan Span(YamlNode node, string field, TimeSpan least, TimeSpan most)
    {
        try
        {
            var span = Duration.Parse(Text(node, field), field);
            return span >= least && span <= most ? span
                : throw Error(node.Start, $"{field} must be from {least.TotalSeconds}s to {most.TotalSeconds}s, not '{node}'");
        }
        catch (FormatException e)
        {
            throw Error(node.Start, e.Message);
        }
    }

    private static string Kind(YamlNode node) => node switch { YamlMappingNode => "mapping", YamlSequenceNode => "list", _ => "single value" };

    private UsageException Error(Mark at, string message) => new($"{path}:{at.Line}:{at.Column}: {message}");
}
