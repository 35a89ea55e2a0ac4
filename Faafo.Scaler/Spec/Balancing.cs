namespace Faafo.Scaler.Spec;

/// <summary>The load balancer in front of the APIs of a flock.</summary>
internal enum Balancing
{
    /// <summary>None: each API has a floating IP.</summary>
    None,

    /// <summary>An instance with HAProxy.</summary>
    HAProxy,

    /// <summary>A load balancer of Octavia.</summary>
    Octavia,
}
