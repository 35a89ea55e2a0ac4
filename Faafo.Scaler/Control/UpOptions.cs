namespace Faafo.Scaler.Control;

/// <summary>The options of <c>up</c>.</summary>
/// <param name="Demo">Random fractals to submit to a local flock; null for none.</param>
/// <param name="ExitWhenDone">Whether a local flock stops once the demo is rendered.</param>
/// <param name="BundleFile">A bundle of programs to store in the cloud first; null for the stored one, or a new build.</param>
/// <param name="Once">Whether to exit once all instances of a cloud have joined, without scaling them.</param>
internal sealed record UpOptions(int? Demo = null, bool ExitWhenDone = false, string? BundleFile = null, bool Once = false);
