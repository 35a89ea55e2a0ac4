namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>The network and the security groups of a group's instances, by id.</summary>
internal sealed record GroupPlacement(string Network, IReadOnlyList<string> SecurityGroups);
