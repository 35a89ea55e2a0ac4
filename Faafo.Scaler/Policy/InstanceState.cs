namespace Faafo.Scaler.Policy;

/// <summary>Where an instance is in its life.</summary>
internal enum InstanceState
{
    /// <summary>Created, without a heartbeat yet.</summary>
    Booting,

    /// <summary>Sends heartbeats and works.</summary>
    Ready,

    /// <summary>Finishes what it works on.</summary>
    Draining,

    /// <summary>Has missed its heartbeats.</summary>
    Silent,

    /// <summary>Has drained and exited; only its record is to be deleted.</summary>
    Left,

    /// <summary>Exited without draining.</summary>
    Dead,

    /// <summary>Does not work because an operator holds it: stopped, paused or being changed. It is left alone.</summary>
    Unavailable,
}
