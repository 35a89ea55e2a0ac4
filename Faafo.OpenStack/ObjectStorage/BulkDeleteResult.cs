namespace Faafo.OpenStack.ObjectStorage;

/// <summary>The outcome of a bulk deletion, item by item where something went wrong.</summary>
/// <param name="Deleted">How many were deleted.</param>
/// <param name="NotFound">How many were gone already.</param>
/// <param name="Errors">What could not be deleted, and why.</param>
public sealed record BulkDeleteResult(int Deleted, int NotFound, IReadOnlyList<BulkDeleteError> Errors);
