namespace Faafo.OpenStack.Networking;

internal sealed record NewFloatingIP(string FloatingNetworkId, string? PortId, string? Description);
