namespace Faafo.Scaler.OpenStack;

/// <summary>How <c>up</c> goes about it.</summary>
/// <param name="BundleFile">A bundle of programs to store first; null for the stored one, or one that is built.</param>
/// <param name="Once">Whether to end when everything has joined, instead of scaling.</param>
internal sealed record UpOptions(string? BundleFile, bool Once);
