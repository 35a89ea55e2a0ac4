namespace Faafo.Scaler.Spec;

/// <summary>A bundle of programs somewhere else than in the flock's container.</summary>
internal sealed record BundleSource(Uri Url, string Sha256);
