namespace Faafo.Scaler;

/// <summary>What every command of the scaler was told.</summary>
/// <param name="StateDir">Where the local flock keeps its data and instances.</param>
/// <param name="FlockFile">flock.yaml; null for the defaults.</param>
/// <param name="Endpoint">Where the flock's API listens.</param>
internal sealed record ScalerOptions(string StateDir, string? FlockFile, Uri Endpoint);
