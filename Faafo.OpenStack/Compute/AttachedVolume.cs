namespace Faafo.OpenStack.Compute;

/// <summary>A volume that is attached to a server.</summary>
/// <param name="Id">The volume's id.</param>
public sealed record AttachedVolume(string Id);
