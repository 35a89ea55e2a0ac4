namespace Faafo.OpenStack;

/// <summary>An entry of the catalog that could not be read.</summary>
/// <param name="Type">The type of its service; <c>null</c> if that is what is missing.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record UnreadableCatalogEntry(string? Type, string Reason);
