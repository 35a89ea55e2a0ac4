using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>The settings of a local flock.</summary>
/// <param name="StateDir">The state directory.</param>
/// <param name="Endpoint">The flock's API.</param>
/// <param name="Flock">The flock.</param>
internal sealed record LocalSettings(string StateDir, Uri Endpoint, FlockSpec Flock);
