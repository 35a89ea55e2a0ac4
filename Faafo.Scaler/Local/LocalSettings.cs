using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>What every local instance is started with.</summary>
internal sealed record LocalSettings(string StateDir, Uri Endpoint, FlockSpec Flock);
