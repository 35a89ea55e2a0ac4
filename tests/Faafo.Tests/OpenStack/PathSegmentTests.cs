using System.Reflection;
using System.Runtime.CompilerServices;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Ids in paths: one that is empty or contains a part of an address never reaches a service.</summary>
public sealed class PathSegmentTests
{
    /// <summary>Parameters with these names stand in the path of a request, in every method of every service.</summary>
    private static readonly string[] InPaths = ["id", "serverId", "poolId", "memberId", "routerId", "listenerId", "zoneId"];

    private static readonly string[] AlsoInPaths =
    [
        "DetachVolumeAsync.volumeId", "DetachInterfaceAsync.portId", "GetKeyPairAsync.name", "DeleteKeyPairAsync.name",
        "AddTagAsync.tag",
        "RemoveTagAsync.tag", "GetStackAsync.nameOrId", "DeleteStackAsync.nameOrId", "UpdateStackAsync.nameOrId",
        "ListResourcesAsync.nameOrId", "MarkUnhealthyAsync.resource", "SignalAsync.resource", "GetQuotasAsync.projectId",
        "AttachFloatingIPToPortAsync.portId",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("x?force=true")]
    [InlineData("x#y")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a\nb")]
    [InlineData("a\u007fb")]
    public async Task Id_that_is_not_one_segment_of_a_path_is_refused_by_every_method(string? id)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var calls = Calls(client).ToList();
        Assert.True(calls.Count > 45, $"only {calls.Count} parameters were found");

        var accepted = new List<string>();
        foreach (var (service, method, parameter) in calls)
        {
            var where = $"{method.Name}({parameter.Name})";
            var e = await Record.ExceptionAsync(() => InvokeAsync(service, method, parameter, id));
            if (e is not ArgumentException argument || argument.ParamName != parameter.Name)
            {
                accepted.Add($"{where}: {e?.Message ?? "accepted"}");
            }
        }
        Assert.Empty(accepted);
        Assert.All(cloud.Requests, request => Assert.Matches("^/identity/|/v2.1/$", request.Path));
    }

    [Fact]
    public async Task Name_of_a_key_pair_is_escaped_once()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await Assert.ThrowsAsync<NotFoundException>(() => client.Compute.GetKeyPairAsync("my key@100%", Ct));
        Assert.Single(cloud.Seen("GET", "/os-keypairs/my%20key%40100%25"));
    }

    [Fact]
    public async Task Finding_by_a_name_that_cannot_be_an_id_asks_for_no_such_id()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", """{"images":[]}""");

        await Assert.ThrowsAsync<NameNotFoundException>(() => client.Images.FindImageAsync("a/../b", Ct));
        Assert.DoesNotContain(cloud.Requests, request => request.Path.EndsWith('b'));
    }

    [Fact]
    public async Task Id_of_an_answer_that_cannot_be_in_a_path_is_a_malformed_answer()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/volume/v3/p1/volumes/v", """{"volume":{"id":"../../x","status":"available","size":1}}""");
        await Assert.ThrowsAsync<MalformedAnswerException>(() => client.BlockStorage.GetVolumeAsync("v", Ct));
    }

    private static IEnumerable<(object Service, MethodInfo Method, ParameterInfo Parameter)> Calls(OpenStackClient client) =>
        from property in typeof(OpenStackClient).GetProperties()
        where property.PropertyType.Name.EndsWith("Service", StringComparison.Ordinal)
        let service = property.GetValue(client)!
        from method in service.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where !method.Name.StartsWith("Find", StringComparison.Ordinal) && !method.IsSpecialName
        from parameter in method.GetParameters()
        where InPaths.Contains(parameter.Name) || AlsoInPaths.Contains($"{method.Name}.{parameter.Name}")
        where parameter.ParameterType == typeof(string) && !parameter.IsOptional // A filter may be left out.
        select (service, method, parameter);

    private static async Task InvokeAsync(object service, MethodInfo method, ParameterInfo tested, string? id)
    {
        var arguments = method.GetParameters().Select(parameter => parameter == tested ? id : Argument(parameter)).ToArray();
        try
        {
            switch (method.Invoke(service, arguments))
            {
                case Task task:
                    await task;
                    break;
                case IAsyncEnumerable<object> list:
                    await foreach (var _ in list)
                    {
                    }
                    break;
            }
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static object? Argument(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue && parameter.DefaultValue is not null)
        {
            return parameter.DefaultValue;
        }
        var type = parameter.ParameterType;
        if (type == typeof(string))
        {
            return "x";
        }
        if (type.IsValueType)
        {
            return Activator.CreateInstance(type);
        }
        return type.IsAbstract ? null : RuntimeHelpers.GetUninitializedObject(type);
    }
}
