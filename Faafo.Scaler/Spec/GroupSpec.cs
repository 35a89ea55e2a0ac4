using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Spec;

/// <summary>One group of a flock.</summary>
/// <param name="Name"><c>services</c>, <c>lb</c>, <c>api</c> or <c>worker</c>.</param>
/// <param name="Slots">Tasks that one instance works on at a time.</param>
/// <param name="Policy">How it is scaled.</param>
internal sealed record GroupSpec(string Name, int Slots, PolicyOptions Policy)
{
    /// <summary>The image, by name or id; null for the flock's.</summary>
    public string? Image { get; init; }

    /// <summary>The flavor, by name or id; null for the flock's.</summary>
    public string? Flavor { get; init; }

    /// <summary>Whether its instances get floating addresses; null for what suits: the first that users talk to do.</summary>
    public bool? FloatingIP { get; init; }

    /// <summary>Security groups of the project that its instances join besides their own.</summary>
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    /// <summary>Availability zones, taken in turns; none for the cloud's choice.</summary>
    public IReadOnlyList<string> AvailabilityZones { get; init; } = [];
}
