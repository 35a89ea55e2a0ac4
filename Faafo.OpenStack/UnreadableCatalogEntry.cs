namespace Faafo.OpenStack;

/// <summary>An entry of the catalog that could not be read.</summary>
/// <param name="Type">The type of its service; <c>null</c> if that is what is missing.</param>
/// <param name="Reason">The reason why it cannot be read.</param>
internal sealed record UnreadableCatalogEntry(string? Type, string Reason);
