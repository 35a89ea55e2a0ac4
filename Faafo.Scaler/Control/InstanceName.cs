using System.Globalization;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Control;

/// <summary>How instances are named: <c>app-worker-3</c>, and without a number in a group of one, such as <c>app-services</c>.</summary>
internal static class InstanceName
{
    /// <summary>Names an instance of a group.</summary>
    public static string Of(string group, int ordinal) => group is FlockSpec.Api or FlockSpec.Worker
        ? string.Create(CultureInfo.InvariantCulture, $"app-{group}-{ordinal}")
        : $"app-{group}";

    /// <summary>Reads the number in an instance's name; 1 where there is none.</summary>
    public static int OrdinalOf(string name) => int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), out var ordinal) ? ordinal : 1;
}
