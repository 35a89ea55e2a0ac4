using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>Allowed references between the assemblies, and cancellation tokens on asynchronous methods.</summary>
public sealed class AssemblyTests
{
    // Programs never reference each other; they meet in Faafo.Core and on the wire.
    private static readonly Dictionary<string, string[]> AllowedReferences = new()
    {
        ["Faafo.OpenStack"] = [],
        ["Faafo.Core"] = ["Faafo.OpenStack"],
        ["faafo-api"] = ["Faafo.Core", "Faafo.OpenStack"],
        ["faafo-worker"] = ["Faafo.Core", "Faafo.OpenStack"],
        ["faafo"] = ["Faafo.Core", "Faafo.OpenStack"],
        ["faafo-scaler"] = ["Faafo.Core", "Faafo.OpenStack"],
    };

    // Methods without a token, and why.
    private static readonly Dictionary<string, string> WithoutToken = new()
    {
        ["Faafo.Options.CommandLine.RunAsync"] = "makes the token, out of the system's signals",
        ["Faafo.Api.Http.Problems.WriteAsync"] = "has the request's own token in its HttpContext",
        ["Faafo.Worker.TaskConsumer.RunAsync"] = "stops when DrainState.Requested is set",
        ["Faafo.Worker.InFlightTasks.HoldAsync"] = "waits for work that has the token",
        ["Faafo.Scaler.Commands.ErrorTranslation.RunAsync"] = "runs work that has the token",
        ["Faafo.Scaler.Local.LocalShutdown.StopAllAsync"] = "runs after the stop, to its end",
        ["Faafo.Scaler.OpenStack.ProviderErrors.TranslateErrorsAsync"] = "runs work that has the token",
    };

    public static TheoryData<string> Assemblies => [.. AllowedReferences.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_references_only_allowed_assemblies(string name)
    {
        var referenced = Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("faafo", StringComparison.OrdinalIgnoreCase));

        Assert.Empty(referenced.Except(AllowedReferences[name]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Asynchronous_method_takes_a_cancellation_token(string name)
    {
        const BindingFlags declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var without = from type in Assembly.Load(name).GetTypes()
                      where !type.IsNestedPrivate && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                      && !typeof(Delegate).IsAssignableFrom(type)
                      from method in type.GetMethods(declared)
                      where (method.IsPublic || method.IsAssembly || method.IsFamilyOrAssembly) && IsAsynchronous(method.ReturnType)
                          && !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsInherited(method)
                          && !method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken))
                      select $"{type.FullName}.{method.Name}";

        Assert.Empty(without.Except(WithoutToken.Keys));
    }

    private static bool IsAsynchronous(Type type) => typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
        || (type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    // The signature comes from a base class or an interface outside of Faafo.
    private static bool IsInherited(MethodInfo method)
    {
        var root = method.GetBaseDefinition();
        if (root != method && !IsOurs(root.DeclaringType!))
        {
            return true;
        }
        var type = method.DeclaringType!;
        return !type.IsInterface && type.GetInterfaces()
            .Any(contract => !IsOurs(contract) && type.GetInterfaceMap(contract).TargetMethods.Contains(method));
    }

    private static bool IsOurs(Type type) => type.Assembly.GetName().Name!.StartsWith("faafo", StringComparison.OrdinalIgnoreCase);
}
