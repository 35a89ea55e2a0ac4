namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The outcome of a bulk deletion, item by item where something went wrong.</summary>
/// <param name="Deleted">The number of objects that were deleted.</param>
/// <param name="NotFound">The number of objects that did not exist.</param>
/// <param name="Errors">The objects that could not be deleted, and why.</param>
public sealed record BulkDeleteResult(int Deleted, int NotFound, IReadOnlyList<BulkDeleteError> Errors);
