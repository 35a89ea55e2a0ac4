using System.Text.Json.Nodes;
using CsCheck;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.TestKit.OpenStack;
using Faafo.TestKit.OpenStack.Simulation;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>Resources of others that look like those of a flock, of every kind.</summary>
internal static class ForeignResources
{
    private static readonly ResourceNames Names = new("faafo", SimulatedWorld.Project, "One");

    /// <summary>
    /// Whether what a flock makes carries a random id, so that even a flock of the same name in the same project cannot be taken for it.
    /// </summary>
    private static readonly bool HasFlockId = false;

    private static readonly string[] Kinds =
    [
        "servers", "ports", "floatingips", "security-groups", "networks", "subnets", "routers", "loadbalancers", "volumes", "containers",
        "credentials", "keypairs",
    ];

    private static readonly string[] NamesOfOurs =
        ["faafo", "faafo-api", "faafo-worker", "faafo-app-api-1", "faafo-app-api-2", "app-worker-1", "app-worker-2", "app-api-1", ""];

    // The same flock in another project or without one, and marks in the flock's project that only look like its own.
    private static readonly (string Project, string Mark)[] Owners =
    [
        ("p2", Names.Mark), ("p2", Names.Mark), ("", Names.Mark), ("p1", new ResourceNames("faafo2").Mark), ("p1", Names.Mark + " "),
        ("p1", "my " + Names.Mark), ("p1", ""), ("p1", "faafo"), ("p1", Names.UserMark), ("p2", ""),
        .. Enumerable.Repeat(("p1", Names.Mark), HasFlockId ? 3 : 0),
    ];

    /// <summary>One resource of others.</summary>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Owner">Its project and mark.</param>
    internal sealed record Foreign(string Kind, string Name, (string Project, string Mark) Owner);

    /// <summary>The mark of the flock, also that of a scope.</summary>
    public static string Mark => Names.Mark;

    /// <summary>Generates some.</summary>
    public static Gen<Foreign[]> Any { get; } = Gen.Select(Gen.OneOf(Kinds), Gen.OneOf(NamesOfOurs), Gen.OneOf(Owners))
        .Select(one => new Foreign(one.Item1, one.Item2, one.Item3)).Array[1, 25];

    /// <summary>Adds resources to a world, and closes it.</summary>
    public static void Into(SimulatedWorld world, Foreign[] all)
    {
        foreach (var (index, one) in all.Index())
        {
            Add(world, one, $"foreign-{one.Kind}-{index}");
        }
        world.Close();
    }

    private static void Add(SimulatedWorld world, Foreign one, string id)
    {
        var (project, mark) = one.Owner;
        switch (one.Kind)
        {
            case "servers":
                world.Nova.Servers.Add(Server(one, id));
                break;
            case "loadbalancers":
                world.Octavia.Add(id, one.Name, project, mark, "s1");
                break;
            case "volumes":
                world.Cinder.Of("volumes").Add(new JsonObject
                {
                    ["id"] = id, ["name"] = one.Name, ["status"] = "available", ["size"] = 1, ["project"] = project, ["description"] = mark,
                    ["metadata"] = new JsonObject { [mark] = "" },
                });
                break;
            case "containers":
                // In the flock's own project a container of its name ends 'up', which is right, but tests nothing.
                world.Swift.Add(project is "p1" or "" ? "p3" : project, one.Name.Length > 0 ? one.Name : "other");
                break;
            case "credentials":
                world.Keystone.Credentials.Add(new FakeApplicationCredential(
                    id, "u1", project.Length > 0 ? project : "p2", $"{Names.Login}@{id}", UserMark(project, mark), "s"));
                break;
            case "keypairs":
                world.Nova.KeyPairs.Add(new JsonObject
                {
                    ["name"] = $"faafo-scaler-faafo-{id}", ["fingerprint"] = "f", ["public_key"] = "ssh-ed25519 AAAA operator",
                });
                break;
            default:
                AddToNeutron(world, one, id);
                break;
        }
    }

    private static string UserMark(string project, string mark)
    {
        var isOurs = project == "p1" && mark == Names.UserMark && !HasFlockId;
        return isOurs ? (Names with { Region = "Two" }).UserMark : project == "p1" ? mark : Names.UserMark;
    }

    private static JsonObject Server(Foreign one, string id)
    {
        var (project, mark) = one.Owner;
        // In the flock's project only the tag tells whose a server is.
        var tag = project == "p1" && !(HasFlockId && mark == Names.Mark) ? "flock=faafo2" : Names.Tag;
        var server = new JsonObject
        {
            ["id"] = id, ["name"] = one.Name, ["status"] = "ACTIVE", ["created"] = "2029-01-01T00:00:00Z",
            ["active_at"] = "2029-01-01T00:00:00Z", ["tags"] = new JsonArray("faafo", tag, "group=worker", "flock=faafo "), ["image"] = "",
        };
        if (project.Length > 0)
        {
            server["tenant_id"] = project;
        }
        return server;
    }

    private static void AddToNeutron(SimulatedWorld world, Foreign one, string id)
    {
        var (project, mark) = one.Owner;
        var made = one.Kind == "ports"
            ? world.Neutron.AddPort("n1", project, "", "", id)
            : world.Neutron.Add(one.Kind, id, one.Name, project, mark);
        (made["name"], made["description"]) = (one.Name, mark);
        switch (one.Kind)
        {
            case "security-groups":
                made["security_group_rules"] = new JsonArray();
                break;
            case "subnets":
                (made["network_id"], made["cidr"], made["ip_version"]) = ("ext", "10.77.0.0/24", 4);
                break;
            case "floatingips":
                // One that is free is taken, as it is documented; so this one is in use.
                (made["floating_network_id"], made["floating_ip_address"]) = ("ext", "172.25.0.1");
                made["port_id"] = world.Neutron.AddPort("n1", "p2", "compute:nova", "else", $"port-of-{id}")["id"]!.DeepClone();
                break;
            default:
                break;
        }
        if (project.Length == 0)
        {
            made.Remove("project_id");
            made.Remove("tenant_id");
        }
    }
}
