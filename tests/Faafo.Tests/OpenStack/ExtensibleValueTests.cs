using System.Reflection;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Orchestration;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class ExtensibleValueTests
{
    public static TheoryData<Type> Types => [.. typeof(ServerStatus).Assembly.GetExportedTypes().Where(IsExtensible)];

    [Fact]
    public void A_value_that_the_library_does_not_know_is_read_compared_and_written_as_it_is()
    {
        var status = JsonSerializer.Deserialize<ServerStatus>("\"NAPPING\"");

        Assert.Equal(("NAPPING", true, false), (status.ToString(), status == "NAPPING", status == ServerStatus.Active));
        Assert.Equal("\"NAPPING\"", JsonSerializer.Serialize(status));
        Assert.NotEqual("napping", status);
    }

    [Fact]
    public void A_status_that_is_missing_is_null_and_one_that_is_no_string_is_rejected()
    {
        Assert.Null(JsonSerializer.Deserialize<VolumeStatus?>("null"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VolumeStatus>("null"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<VolumeStatus>("7"));
        Assert.Equal("", default(VolumeStatus).ToString());
    }

    [Theory]
    [InlineData("error_extending", true)]
    [InlineData("available", false)]
    public void Every_failure_of_a_volume_is_an_error(string status, bool isError) =>
        Assert.Equal(isError, new VolumeStatus(status).IsError);

    [Theory]
    [InlineData("ADOPT_IN_PROGRESS", true, false, false)]
    [InlineData("RESUME_COMPLETE", false, true, false)]
    [InlineData("DELETE_FAILED", false, false, true)]
    public void The_state_of_a_stack_is_known_for_every_action(string status, bool isInProgress, bool isComplete, bool isFailed)
    {
        StackStatus stack = status;

        Assert.Equal((isInProgress, isComplete, isFailed), (stack.IsInProgress, stack.IsComplete, stack.IsFailed));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_has_distinct_known_values_that_survive_json(Type type)
    {
        var known = type.GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null)!).ToArray();

        Assert.True(known.Length > 1);
        Assert.Equal(known.Length, known.Distinct().Count());
        Assert.All(known, value => Assert.Equal(value, JsonSerializer.Deserialize(JsonSerializer.Serialize(value, type), type)));
    }

    // A status, protocol or policy that is a bare string offers no completion and is easily misspelt.
    [Fact]
    public void No_resource_has_a_status_that_is_a_bare_string()
    {
        string[] exceptions = ["ApiVersion", "BulkDeleteError"];
        var bare = typeof(ServerStatus).Assembly.GetExportedTypes()
            .Where(type => !typeof(Exception).IsAssignableFrom(type) && !IsExtensible(type) && !exceptions.Contains(type.Name))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => property.PropertyType == typeof(string))
            .Where(property => property.Name is "Direction" or "EtherType" or "Policy" or "Visibility" or "Protocol"
                || property.Name.EndsWith("Status", StringComparison.Ordinal)
                || property.Name.EndsWith("Algorithm", StringComparison.Ordinal))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}");

        Assert.Empty(bare);
    }

    private static bool IsExtensible(Type type) =>
        type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IExtensibleValue<>));
}
