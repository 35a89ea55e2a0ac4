namespace Faafo.OpenStack.Compute;

/// <summary>The image of a server.</summary>
/// <param name="Id">The image's id.</param>
public sealed record ServerImage(string Id);
