namespace Faafo.OpenStack.Compute;

/// <summary>A security group of a server.</summary>
/// <param name="Name">The group's name.</param>
public sealed record ServerSecurityGroup(string Name);
