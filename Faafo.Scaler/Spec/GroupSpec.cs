using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Spec;

/// <summary>One group of a flock.</summary>
/// <param name="Name"><c>services</c>, <c>lb</c>, <c>api</c> or <c>worker</c>.</param>
/// <param name="Slots">The number of tasks that one instance works on at a time.</param>
/// <param name="Policy">The scaling policy.</param>
internal sealed record GroupSpec(string Name, int Slots, PolicyOptions Policy)
{
    /// <summary>The image, by name or id; null for the flock's.</summary>
    public string? Image { get; init; }

    /// <summary>The flavor, by name or id; null for the flock's.</summary>
    public string? Flavor { get; init; }

    /// <summary>Whether its instances get floating IPs; null for the default, see <see cref="FlockSpec.HasFloatingIP"/>.</summary>
    public bool? FloatingIP { get; init; }

    /// <summary>Existing security groups that its instances join in addition to their own.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>The availability zones, used in turn; none to let the cloud choose.</summary>
    public IReadOnlyList<string> AvailabilityZones { get; init; } = [];
}
