using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>
/// The scaler deletes, detaches and adopts nothing in a cloud without asking whether it is the flock's: the calls that delete stand in the
/// two classes that ask, and a type that lists resources which may be someone else's asks too.
/// </summary>
public sealed partial class OwnershipConventionTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private const string Kinds = "Servers|Ports|FloatingIPs|SecurityGroups|Networks|Subnets|Routers|LoadBalancers|ApplicationCredentials"
        + "|KeyPairs|Containers";

    // Who deletes, and why.
    private static readonly Dictionary<string, string> DeletesToo = new()
    {
        ["Faafo.Scaler.OpenStack.Provision.FlockRemoval"] = "asks ResourceNames about each resource",
        ["Faafo.Scaler.OpenStack.Provision.ContainerRemoval"] = "asks ResourceNames about each container and object",
        ["Faafo.Scaler.OpenStack.Provision.OctaviaBalancer"] =
            "deletes members, which carry no mark, of the load balancer that it found by its mark",
        ["Faafo.Scaler.Heat.StackLease"] = "deletes the empty container of a stack's lease, whose metadata names the stack",
    };

    // Who lists without asking, and why.
    private static readonly Dictionary<string, string> ListsToo = new()
    {
        ["Faafo.Scaler.OpenStack.Inventory.ExternalResources"] = "finds what flock.yaml names and the flock never changes",
        ["Faafo.Scaler.OpenStack.Inventory.ResourceParts"] = "reads the interfaces of the flock's own router, which carry no mark",
        ["Faafo.Scaler.Heat.HeatInstances"] = "reads the states of the servers that the stack's own resources name",
    };

    [Fact]
    public void Only_the_classes_that_check_the_owner_delete_or_detach()
    {
        var found = Callers(DeletingCall()).Distinct().ToList();

        Assert.Contains("Faafo.Scaler.OpenStack.Provision.FlockRemoval", found);
        Assert.Empty(found.Except(DeletesToo.Keys));
    }

    [Fact]
    public void Types_that_list_resources_check_their_owner()
    {
        var listing = Callers(ListingCall()).Distinct().ToList();
        var asking = Callers(AskingCall()).Distinct().ToList();

        Assert.Contains("Faafo.Scaler.OpenStack.Provision.InstancePorts", listing);
        Assert.Empty(listing.Except(asking).Except(ListsToo.Keys));
    }

    [Fact]
    public void Calls_in_nested_and_generated_types_are_found() =>
        Assert.Contains("Faafo.Scaler.OpenStack.Provision.ContainerRemoval", Callers(DeletingCall()));

    private static IEnumerable<string> Callers(Regex call) =>
        from type in Assembly.Load("faafo-scaler").GetTypes()
        from method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared))
        where TypeReferences.CallsOf(method).Any(called => call.IsMatch($"{called.DeclaringType?.FullName}.{called.Name}"))
        select Outermost(type).FullName!;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    // What a service or ResourceRemoval deletes, and what makes a server or a port unusable.
    [GeneratedRegex(
        @"^Faafo\.OpenStack\.(\w+\.\w+Service\.(Delete|Remove|Detach|Rebuild)\w*|ResourceRemoval\.\.ctor|OpenStackClient\.Scope)$")]
    private static partial Regex DeletingCall();

    [GeneratedRegex(@"^Faafo\.OpenStack\.\w+\.\w+Service\.List(" + Kinds + ")Async$")]
    private static partial Regex ListingCall();

    [GeneratedRegex(@"^Faafo\.Scaler\.OpenStack\.Naming\.ResourceNames\.Owns$")]
    private static partial Regex AskingCall();
}
