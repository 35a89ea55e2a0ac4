namespace Faafo.OpenStack.ObjectStorage;

/// <summary>An object that could not be deleted.</summary>
/// <param name="Path">The container and the object's name.</param>
/// <param name="Status">The status, such as <c>409 Conflict</c>.</param>
public sealed record BulkDeleteError(string Path, string Status);
