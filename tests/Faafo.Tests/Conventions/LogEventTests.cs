using System.Reflection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Faafo.Tests.Conventions;

/// <summary>
/// Every log message has an id that operators can filter by: the thousands name the program, and no two messages share one.
/// </summary>
public sealed class LogEventTests
{
    public static TheoryData<string, int> Programs => new()
    {
        { "faafo-api", 1000 },
        { "faafo-worker", 2000 },
        { "faafo-scaler", 3000 },
        { "Faafo.OpenStack", 4000 },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Log_messages_have_ids_of_their_program(string assembly, int first) =>
        Assert.All(Messages(assembly), message => Assert.InRange(message.Id, first, first + 999));

    [Theory]
    [InlineData("faafo-api")]
    [InlineData("faafo-worker")]
    [InlineData("faafo-scaler")]
    [InlineData("Faafo.OpenStack")]
    public void Log_messages_share_no_id(string assembly) =>
        Assert.All(Messages(assembly).GroupBy(message => message.Id), same => Assert.Single(same));

    [Theory]
    [InlineData("Faafo.Core")]
    [InlineData("faafo")]
    public void Core_and_commands_do_not_log(string assembly) => Assert.Empty(Messages(assembly));

    private static IEnumerable<(int Id, string Method)> Messages(string assembly)
    {
        const BindingFlags declared =
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return from type in Assembly.Load(assembly).GetTypes()
               from method in type.GetMethods(declared)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               select (message.EventId, $"{type.FullName}.{method.Name}");
    }
}
