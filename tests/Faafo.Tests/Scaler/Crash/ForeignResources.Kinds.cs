using System.Text.Json.Nodes;
using Faafo.TestKit.OpenStack;
using Faafo.TestKit.OpenStack.Simulation;

namespace Faafo.Tests.Scaler.Crash;

internal static partial class ForeignResources
{
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
                    ["id"] = id,
                    ["name"] = one.Name,
                    ["status"] = "available",
                    ["size"] = 1,
                    ["project"] = project,
                    ["description"] = mark,
                    ["metadata"] = new JsonObject { [mark] = "" },
                });
                break;
            case "containers":
                AddContainer(world, one);
                break;
            case "credentials":
                world.Keystone.Credentials.Add(new FakeApplicationCredential(
                    id, "u1", project.Length > 0 ? project : "p2", $"{Own.Login}@{id}", UserMark(project, mark), "s"));
                break;
            case "keypairs":
                AddKeyPair(world, mark, id);
                break;
            case "objects":
                break;      // see IntoContainer
            default:
                AddToNeutron(world, one, id);
                break;
        }
    }

    // One of the flock's own names ends 'up', which is right: it neither fills nor deletes a container of others.
    private static void AddContainer(SimulatedWorld world, Foreign one)
    {
        var (project, mark) = one.Owner;
        project = project.Length > 0 ? project : "p3";
        var name = one.Name.Length > 0 ? one.Name : "other";
        var container = world.Swift.Add(project, name);
        var region = mark == Old.Mark ? "Two" : "One";
        if (mark == Other.Mark || mark == Old.Mark || project != SimulatedWorld.Project)
        {
            container.Metadata["X-Container-Meta-Flock"] = Own.Flock;
            container.Metadata["X-Container-Meta-Region"] = region;
        }
        if (mark == Other.Mark || project != SimulatedWorld.Project)
        {
            container.Metadata["X-Container-Meta-Flock-Id"] = project == SimulatedWorld.Project ? Other.Id : Id;
            container.Metadata["X-Container-Meta-Flock-User"] = OtherUser;
        }
        container.Objects["note.txt"] = new SimulatedObject([1], "text/plain", Expires: null, []);
    }

    private static void AddKeyPair(SimulatedWorld world, string mark, string id)
    {
        var another = mark == Other.Mark ? Other.KeyPair : $"faafo-scaler-faafo-{id}";
        var name = mark == Old.Mark ? Old.KeyPair : another;
        if (!world.Nova.KeyPairs.Exists(one => (string?)one["name"] == name))
        {
            world.Nova.KeyPairs.Add(new JsonObject
            {
                ["name"] = name,
                ["fingerprint"] = "f",
                ["public_key"] = "ssh-ed25519 AAAA operator",
            });
        }
    }

    // A credential of the flock's user: of the flock in another project or region, or of another flock of its name.
    private static string UserMark(string project, string mark) => (project, mark) switch
    {
        ("p1", _) when mark == Own.UserMark => (Own with { Region = "Two" }).UserMark,
        ("p1", _) when mark == Old.Mark => Old.UserMark,
        ("p1", _) when mark == Other.Mark => Other.UserMark,
        ("p1", _) => mark,
        _ => Own.UserMark,
    };

    private static JsonObject Server(Foreign one, string id)
    {
        var (project, mark) = one.Owner;
        // In the flock's project only the tags tell whose a server is.
        string[] tags = (project, mark) switch
        {
            (_, _) when mark.StartsWith(ScopeMark[..^1], StringComparison.Ordinal) => [mark],
            ("p1", _) when mark == Old.Mark => [.. Old.Tags],
            ("p1", _) when mark == Other.Mark => [.. Other.Tags],
            ("p1", _) => ["flock=faafo2", "flock=faafo ", $"flock-id={Id}"],
            _ => [.. Own.Tags],
        };
        var server = new JsonObject
        {
            ["id"] = id,
            ["name"] = one.Name,
            ["status"] = "ACTIVE",
            ["created"] = "2029-01-01T00:00:00Z",
            ["active_at"] = "2029-01-01T00:00:00Z",
            ["image"] = "",
            ["tags"] = new JsonArray([.. tags.Concat(["faafo", "group=worker"]).Select(tag => (JsonNode)tag)]),
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
