using System.Reflection;
using System.Runtime.CompilerServices;
using Faafo.OpenStack;
using PublicApiGenerator;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class PublicSurfaceTests
{
    /// <summary>Run with FAAFO_APPROVE=1 to approve a change, then review the diff of the approved file.</summary>
    [Fact]
    public void Public_surface_equals_the_approved_one()
    {
        var approved = Path.Combine(SourceFolder(), "PublicSurface.approved.txt");
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            ExcludeAttributes = [typeof(AsyncIteratorStateMachineAttribute).FullName!], // It numbers the members of the class.
        };
        var actual = typeof(OpenStackClient).Assembly.GeneratePublicApi(options) + "\n";
        if (Environment.GetEnvironmentVariable("FAAFO_APPROVE") == "1")
        {
            File.WriteAllText(approved, actual);
        }
        Assert.Equal(File.ReadAllText(approved), actual);
    }

    [Fact]
    public void Every_asynchronous_method_can_be_cancelled()
    {
        var without = typeof(OpenStackClient).Assembly.GetExportedTypes()
            .SelectMany(
                type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name != "DisposeAsync")
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken));

        Assert.Empty(without);
    }

    [Fact]
    public void Library_references_only_the_framework_its_extensions_and_YamlDotNet() => Assert.All(
        typeof(OpenStackClient).Assembly.GetReferencedAssemblies(),
        reference =>
            Assert.True(reference.Name == "YamlDotNet" || reference.Name!.StartsWith("System.", StringComparison.Ordinal)
                || reference.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal), reference.Name));

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
