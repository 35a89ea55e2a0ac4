using System.Globalization;
using Faafo.Options;
using Faafo.Scaler.Policy;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler;

/// <summary>
/// Reads flock.yaml. Every key is known or an error; every error says file, line, column, field and limit. What the file leaves out
/// keeps its default.
/// </summary>
internal sealed class FlockFile(string path)
{
    /// <summary>The flock that the file describes.</summary>
    /// <exception cref="UsageException">It cannot be read or says something that makes no sense.</exception>
    public Flock Read()
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
    public Flock Read(TextReader reader)
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
        var flock = new Flock();
        if (yaml.Documents.Count == 0)
        {
            return flock;
        }
        foreach (var (key, value, name) in Entries(yaml.Documents[0].RootNode, "the file",
            "cloud", "interval", "transport_url", "database_url", "image_store_url", "groups"))
        {
            flock = name switch
            {
                "cloud" => Text(value, name) == "local" ? flock
                    : throw Error(value.Start, $"cloud must be local, not '{value}': other clouds come with the OpenStack client"),
                "interval" => flock with { Interval = Span(value, name, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)) },
                "transport_url" => flock with { TransportUrl = Text(value, name) },
                "database_url" => flock with { DatabaseUrl = Text(value, name) },
                "image_store_url" => flock with { ImageStoreUrl = Text(value, name) },
                _ => Groups(flock, value),
            };
        }
        return flock;
    }

    private Flock Groups(Flock flock, YamlNode node)
    {
        foreach (var (key, value, name) in Entries(node, "groups", Flock.Api, Flock.Worker))
        {
            flock = name == Flock.Api ? flock with { Apis = Group(flock.Apis, value) } : flock with { Workers = Group(flock.Workers, value) };
        }
        if (flock.Apis.Policy.Max > 1)
        {
            throw Error(node.Start, $"groups.api.max must be 1 on the local cloud, not {flock.Apis.Policy.Max}");
        }
        return flock;
    }

    private GroupSpec Group(GroupSpec group, YamlNode node)
    {
        var policy = group.Policy;
        // The policy comes last: its default of tasks per worker depends on the slots, whatever the order in the file.
        foreach (var (key, value, name) in Entries(node, group.Name, "min", "max", "slots", "policy").OrderBy(entry => entry.Name == "policy"))
        {
            switch (name)
            {
                case "min": policy = policy with { Min = Whole(value, name, 0, 10_000) }; break;
                case "max": policy = policy with { Max = Whole(value, name, 1, 10_000) }; break;
                case "slots":
                    group = group with { Slots = Whole(value, name, 1, 1024) };
                    policy = policy with { TasksPerWorker = group.Slots * PolicyOptions.TasksPerSlot };
                    break;
                default: policy = Policy(policy, value); break;
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
        int.TryParse(Text(node, field), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw Error(node.Start, $"{field} must be a whole number from {least} to {most}, not '{node}'");

    private double Number(YamlNode node, string field, double least, double most) =>
        double.TryParse(Text(node, field), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
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
