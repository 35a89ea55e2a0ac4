namespace Faafo.Scaler.Spec;

/// <summary>What stands before the APIs of a flock.</summary>
internal enum Balancing
{
    /// <summary>Nothing: each API has a floating address.</summary>
    None,

    /// <summary>An instance with HAProxy.</summary>
    HAProxy,

    /// <summary>The cloud's own balancer.</summary>
    Octavia,
}
