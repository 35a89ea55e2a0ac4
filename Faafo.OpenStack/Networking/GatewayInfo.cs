namespace Faafo.OpenStack.Networking;

/// <summary>The way out of a router.</summary>
/// <param name="NetworkId">The external network.</param>
public sealed record GatewayInfo(string NetworkId);
