using System.Reflection;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>
/// The folders of a project build on each other in one direction. The root namespace of an assembly composes the others (Program, hosts)
/// and is exempt.
/// </summary>
public sealed class NamespaceTests
{
    /// <summary>The assemblies and their root namespaces.</summary>
    public static TheoryData<string, string> Assemblies => new()
    {
        { "Faafo.OpenStack", "Faafo.OpenStack" },
        { "Faafo.Core", "Faafo" },
        { "faafo-api", "Faafo.Api" },
        { "faafo-worker", "Faafo.Worker" },
        { "faafo", "Faafo.Cli" },
        { "faafo-scaler", "Faafo.Scaler" },
    };

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Namespaces_have_no_cycle(string assembly, string root)
    {
        var references = FindReferences(Assembly.Load(assembly), root + ".");
        var graph = references.ToLookup(reference => reference.From, reference => reference.To);

        var cyclic = references.Where(reference => Reaches(graph, reference.To, reference.From)).ToList();

        var lines = cyclic.Select(reference => $"{reference.From} -> {reference.To}: {reference.Example}");
        Assert.True(cyclic.Count == 0, string.Join('\n', lines));
    }

    [Fact]
    public void References_in_method_bodies_are_found() =>
        Assert.Contains(typeof(NamespaceTests), TypeReferences.Of(typeof(Probe)));

    // One for each pair of namespaces, with the types that it was found between.
    private static List<(string From, string To, string Example)> FindReferences(Assembly assembly, string prefix)
    {
        var all = from type in assembly.GetTypes()
                  where IsBelow(type, prefix)
                  from other in TypeReferences.Of(type)
                  where other.Assembly == assembly && IsBelow(other, prefix) && other.Namespace != type.Namespace
                  select (From: type.Namespace!, To: other.Namespace!, Example: $"{Outermost(type).Name} -> {Outermost(other).Name}");
        return
        [
            .. all.DistinctBy(reference => (reference.From, reference.To))
                .OrderBy(reference => reference.Example, StringComparer.Ordinal),
        ];
    }

    private static bool IsBelow(Type type, string prefix) => type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) ?? false;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static bool Reaches(ILookup<string, string> graph, string from, string to)
    {
        var visited = new HashSet<string>();
        var pending = new Stack<string>([from]);
        while (pending.TryPop(out var current))
        {
            if (current == to)
            {
                return true;
            }
            if (visited.Add(current))
            {
                foreach (var next in graph[current])
                {
                    pending.Push(next);
                }
            }
        }
        return false;
    }

    private static class Probe
    {
        public static NamespaceTests Build() => new NamespaceTests();
    }
}
