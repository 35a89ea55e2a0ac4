using System.Reflection;
using System.Text;
using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class PublicSurfaceTests
{
    /// <summary>To approve a change: FAAFO_APPROVE=1 and run this test, then look at the difference.</summary>
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var approved = Path.Combine(SourceFolder(), "PublicSurface.approved.txt");
        var actual = Describe(typeof(OpenStackClient).Assembly);
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
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name != "DisposeAsync")
            .Where(method => method.GetParameters() is not [.., { ParameterType: var last }] || last != typeof(CancellationToken));

        Assert.Empty(without);
    }

    [Fact]
    public void The_library_references_nothing_but_the_framework_and_YamlDotNet() => Assert.All(
        typeof(OpenStackClient).Assembly.GetReferencedAssemblies(),
        reference => Assert.True(reference.Name == "YamlDotNet" || reference.Name!.StartsWith("System.", StringComparison.Ordinal), reference.Name));

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append(type.BaseType is { } parent && parent != typeof(object) ? " : " + Name(parent) : "").Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(member => !member.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) || member is PropertyInfo)
                .Select(Line).OfType<string>().Distinct().Order(StringComparer.Ordinal);
            foreach (var member in members)
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string? Line(MemberInfo member) => member switch
    {
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{{(property.CanRead ? " get;" : "")}{(property.SetMethod?.IsPublic == true ? " init;" : "")} }}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: true } => null,
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        _ => null,
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters()
        .Select(parameter => Name(parameter.ParameterType) + " " + parameter.Name + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")));

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Name(inner) + "?"
        : type.IsGenericType ? type.Name.Split('`')[0] + "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">"
        : type.Name;
}
