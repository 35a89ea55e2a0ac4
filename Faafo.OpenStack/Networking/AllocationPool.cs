namespace Faafo.OpenStack.Networking;

/// <summary>A range that the addresses of a subnet are taken from.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The last address.</param>
public sealed record AllocationPool(string Start, string End);
