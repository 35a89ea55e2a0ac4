namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>An object of Swift.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Type">Its media type.</param>
/// <param name="Expires">When it expires; null for never.</param>
/// <param name="Metadata">Its metadata, with the prefix of the header.</param>
public sealed record SimulatedObject(byte[] Content, string Type, DateTimeOffset? Expires, Dictionary<string, string> Metadata);
