namespace Faafo.OpenStack;

/// <summary>What a look at a service found.</summary>
/// <param name="Type">The type in the catalog.</param>
/// <param name="Endpoint">The address; <c>null</c> when there is none.</param>
/// <param name="Versions">The version and its microversions, if the service tells.</param>
/// <param name="Microversion">The microversion that this library uses, if any.</param>
/// <param name="Problem">What is wrong; <c>null</c> when the service answers.</param>
public sealed record ServiceDiagnosis(string Type, Uri? Endpoint, string? Versions, string? Microversion, string? Problem);
