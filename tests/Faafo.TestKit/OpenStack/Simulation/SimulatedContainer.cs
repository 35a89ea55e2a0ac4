namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>A container of Swift.</summary>
/// <param name="Metadata">Its metadata, with the prefix of the header.</param>
/// <param name="Objects">Its objects.</param>
public sealed record SimulatedContainer(Dictionary<string, string> Metadata, SortedDictionary<string, SimulatedObject> Objects);
