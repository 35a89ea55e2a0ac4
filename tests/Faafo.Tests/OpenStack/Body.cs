using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Compares a resource that was read from a body with the expectation, and checks that no property is left out.</summary>
internal static class Body
{
    /// <summary>
    /// Compares all properties. <paramref name="expected"/> must set every property that is read from a body, except those
    /// <paramref name="absent"/> from this one: a property with a wrong JSON name keeps its default and would equal an unset expectation.
    /// </summary>
    public static void AssertRead<T>(T expected, T actual, params string[] absent)
        where T : class
    {
        foreach (var property in typeof(T).GetProperties()
            .Where(one => one.CanWrite && one.GetCustomAttribute<JsonIgnoreAttribute>() is null))
        {
            var unset = property.GetValue(expected) is null or "" or 0 or 0L or false or ICollection { Count: 0 };
            Assert.True(
                unset == absent.Contains(property.Name),
                $"{typeof(T).Name}.{property.Name} is {(unset ? "" : "not ")}at its default in the expectation");
        }

        // The expectation was not read from a service.
        if (expected is ServiceResource one && actual is ServiceResource read)
        {
            one.Keep(read.RawJson);
        }
        Assert.Equivalent(expected, actual, strict: true);
    }
}
