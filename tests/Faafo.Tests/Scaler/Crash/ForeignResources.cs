using System.Text.Json.Nodes;
using CsCheck;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.TestKit.OpenStack.Simulation;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>Resources of others that look like those of a flock, of every kind.</summary>
internal static partial class ForeignResources
{
    /// <summary>The id of the flock in the runs in which flock.yaml names it; in the others <c>up</c> generates one.</summary>
    public const string Id = "0123456789ab";

    /// <summary>The mark of a run of a sample.</summary>
    public const string ScopeMark = "sample-4567cdef0123";

    private const string OtherUser = "u2";

    private static readonly ResourceNames Own = new("faafo", SimulatedWorld.Project, "One", Id);
    private static readonly ResourceNames Old = Own with { Id = "" };
    private static readonly ResourceNames Other = Own with { Id = "ba9876543210" };

    private static readonly string[] Kinds =
    [
        "servers", "ports", "floatingips", "security-groups", "networks", "subnets", "routers", "loadbalancers", "volumes", "containers",
        "objects", "credentials", "keypairs",
    ];

    private static readonly string[] NamesOfOurs =
    [
        "faafo", "faafo-api", "faafo-worker", "faafo-images", "faafo-app-api-1", "faafo-app-api-2", "app-worker-1", "app-worker-2",
        "app-api-1", "",
    ];

    // The same flock in another project or without one; and in the flock's project the same name without the id, or with another's.
    private static readonly (string Project, string Mark)[] Owners =
    [
        ("p2", Own.Mark), ("p2", Own.Mark), ("p2", Old.Mark), ("", Own.Mark), ("p1", Old.Mark), ("p1", Old.Mark), ("p1", Other.Mark),
        ("p1", Other.Mark), ("p1", Own.Mark + " "), ("p1", "my " + Own.Mark), ("p1", Own.Mark[..^1]),
        ("p1", new ResourceNames("faafo2", Id: Id).Mark), ("p1", ""), ("p1", "faafo"), ("p1", Own.UserMark), ("p2", ""),
        ("p2", ScopeMark), ("", ScopeMark), ("p1", ScopeMark + "4"), ("p1", ScopeMark[..^1]),
    ];

    /// <summary>One resource of others.</summary>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Owner">Its project and mark.</param>
    internal sealed record Foreign(string Kind, string Name, (string Project, string Mark) Owner);

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

    /// <summary>Adds the objects that others store in the flock's own container, once it has one.</summary>
    public static void IntoContainer(SimulatedWorld world, Foreign[] all)
    {
        var own = $"container:{SimulatedWorld.Project}/{Own.Container}";
        if (world.IsForeign(own) || !world.Swift.Containers.TryGetValue((SimulatedWorld.Project, Own.Container), out var container))
        {
            return;
        }
        foreach (var (index, one) in all.Index().Where(entry => entry.Item.Kind == "objects"))
        {
            // Also by the names that objects of old versions have.
            var name = one.Name.Length > 0 ? $"{one.Name}-{index}" : $"bundle-{index:x16}.tar.gz";
            var metadata = one.Owner.Mark == Other.Mark ? Other.ObjectMetadata : Old.ObjectMetadata;
            container.Objects[name] = new SimulatedObject(
                [1, 2, 3], "text/plain", Expires: null, metadata.ToDictionary(entry => "X-Object-Meta-" + entry.Key, entry => entry.Value));
            world.MakeForeign($"object:{SimulatedWorld.Project}/{Own.Container}/{name}");
        }
    }

    /// <summary>Adds what a run of a sample has made.</summary>
    public static void AddSample(SimulatedWorld world)
    {
        var id = world.NewId("sample");
        world.Neutron.Add("security-groups", $"group-{id}", "sample", SimulatedWorld.Project, ScopeMark)["security_group_rules"] =
            new JsonArray();
        world.Nova.Servers.Add(Server(new Foreign("servers", "sample", (SimulatedWorld.Project, ScopeMark)), $"server-{id}"));
    }
}
