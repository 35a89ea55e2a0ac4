namespace Faafo.Scaler.Policy;

/// <summary>Where a worker is in its life.</summary>
internal enum InstanceState
{
    /// <summary>Created, not heard of yet.</summary>
    Booting,

    /// <summary>Sends heartbeats and takes tasks.</summary>
    Ready,

    /// <summary>Finishes what it holds.</summary>
    Draining,

    /// <summary>Has missed its heartbeats.</summary>
    Silent,

    /// <summary>Left in order; only its record is to be removed.</summary>
    Left,

    /// <summary>Ended without a word.</summary>
    Dead,
}
