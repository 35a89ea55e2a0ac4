namespace Faafo.OpenStack.Networking;

internal sealed record NewSecurityGroup(string Name, string Description);
