using Faafo.Scaler.Policy;

namespace Faafo.Scaler.Control;

/// <summary>What the loop remembers of a group from one round to the next.</summary>
/// <param name="State">The policy's state.</param>
/// <param name="Wanted">The last size that was logged; -1 to log the next decision whatever it is.</param>
internal sealed record GroupMemory(PolicyState State, int Wanted);
