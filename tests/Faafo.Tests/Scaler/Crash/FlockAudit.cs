using System.Text.Json.Nodes;
using Faafo.TestKit.OpenStack.Simulation;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>Compares the resources of a simulated cloud with those that a flock wants: orphans, duplicates and foreign changes.</summary>
internal static class FlockAudit
{
    /// <summary>Finds the faults of a flock that has converged.</summary>
    /// <param name="world">The world.</param>
    /// <param name="instances">The names of the instances that it wants.</param>
    /// <param name="stable">Those of them that have a port of their own.</param>
    /// <param name="addresses">The number of floating IPs.</param>
    public static List<string> Find(SimulatedWorld world, string[] instances, string[] stable, int addresses)
    {
        var problems = Common(world);
        var servers = Own(world, world.Nova.Servers);
        Compare(problems, "servers", servers.Where(one => Text(one, "OS-EXT-STS:task_state") != "deleting")
            .Select(one => $"{Place(Text(one, "name"))} {one["status"]}"), instances.Select(name => $"{Place(name)} ACTIVE"));
        Unique(problems, "servers", servers);
        var ports = Own(world, world.Neutron.Of("ports"));
        var named = ports.Where(one => Text(one, "name").Length > 0).ToList();
        Compare(problems, "ports", named.Select(one => Text(one, "name")), stable.Select(name => $"faafo-{name}"));
        var devices = world.Nova.Servers.Concat(world.Neutron.Of("routers")).Concat(world.Octavia.Of("loadbalancers"))
            .SelectMany(one => new[] { Text(one, "id"), "lb-" + Text(one, "id") }).ToHashSet();
        var unnamed = ports.Except(named);
        problems.AddRange(unnamed.Where(one => !devices.Contains(Text(one, "device_id")))
            .Select(one => $"orphan port {one["id"]} of {one["device_id"]}"));
        problems.AddRange(named.Where(one => !devices.Contains(Text(one, "device_id")))
            .Select(one => $"port {one["name"]} has no server"));
        var floating = Own(world, world.Neutron.Of("floatingips"));
        if (floating.Count != addresses || floating.Exists(one => Text(one, "port_id").Length == 0))
        {
            var used = string.Join(' ', floating.Select(one => one["port_id"]));
            problems.Add($"{floating.Count} floating IPs instead of {addresses}: {used}");
        }
        foreach (var kind in (string[])["networks", "subnets", "routers", "security-groups"])
        {
            Unique(problems, kind, Own(world, world.Neutron.Of(kind)));
        }
        foreach (var kind in (string[])["loadbalancers", "listeners", "pools", "healthmonitors"])
        {
            var count = Own(world, world.Octavia.Of(kind)).Count;
            if (count != Math.Min(1, Own(world, world.Octavia.Of("loadbalancers")).Count))
            {
                problems.Add($"{count} {kind}");
            }
        }
        if (world.Keystone.Credentials.Count(one => !world.IsForeign(one.Id)) is var credentials and not 1)
        {
            problems.Add($"{credentials} application credentials");
        }
        Compare(problems, "containers", Containers(world), ["faafo", "faafo-images"]);
        return problems;
    }

    /// <summary>Finds the remains of a flock that was removed.</summary>
    public static List<string> FindLeft(SimulatedWorld world)
    {
        var problems = Common(world);
        problems.AddRange(Own(world, world.Nova.Servers.Concat(world.Neutron.All).Concat(world.Octavia.All).Concat(world.Cinder.All))
            .Select(one => $"left: {one["id"]} {one["name"]}"));
        problems.AddRange(world.Keystone.Credentials.Where(one => !world.IsForeign(one.Id)).Select(one => $"left: credential {one.Name}"));
        problems.AddRange(world.Nova.KeyPairs.Where(one => !world.IsForeign(Text(one, "name")))
            .Select(one => $"left: key pair {one["name"]}"));
        problems.AddRange(Containers(world).Select(name => $"left: container {name}"));
        return problems;
    }

    private static List<string> Common(SimulatedWorld world) =>
        [.. world.Violations.Select(one => $"FOREIGN {one}"), .. world.Unknown.Distinct().Select(one => $"unknown request {one}")];

    // Which of the workers stay is up to the policy.
    private static string Place(string name) => name.StartsWith("app-worker-", StringComparison.Ordinal) ? "app-worker" : name;

    private static string Text(JsonObject one, string key) => one[key]?.ToString() ?? "";

    private static List<JsonObject> Own(SimulatedWorld world, IEnumerable<JsonObject> all) =>
        [.. all.Where(one => !world.IsForeign(Text(one, "id")))];

    private static IEnumerable<string> Containers(SimulatedWorld world) => world.Swift.Containers.Keys
        .Where(one => !world.IsForeign($"container:{one.Project}/{one.Name}")).Select(one => one.Name);

    private static void Unique(List<string> problems, string kind, List<JsonObject> own) => problems.AddRange(
        own.GroupBy(one => Text(one, "name")).Where(group => group.Count() > 1).Select(group => $"{group.Count()} {kind} {group.Key}"));

    private static void Compare(List<string> problems, string what, IEnumerable<string> actual, IEnumerable<string> wanted)
    {
        var found = string.Join(", ", actual.Order(StringComparer.Ordinal));
        var expected = string.Join(", ", wanted.Order(StringComparer.Ordinal));
        if (found != expected)
        {
            problems.Add($"{what}: {found}; wanted: {expected}");
        }
    }
}
