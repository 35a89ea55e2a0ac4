namespace Faafo.OpenStack;

/// <summary>The result of checking one service.</summary>
/// <param name="Type">The type in the catalog.</param>
/// <param name="Endpoint">The address; <c>null</c> if there is none.</param>
/// <param name="Versions">The version and its microversions, if the service shows them.</param>
/// <param name="Microversion">The microversion that this library uses, if any.</param>
/// <param name="Problem">The problem; <c>null</c> if the service responds.</param>
public sealed record ServiceDiagnosis(string Type, Uri? Endpoint, string? Versions, string? Microversion, string? Problem);
