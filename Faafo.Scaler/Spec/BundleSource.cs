namespace Faafo.Scaler.Spec;

/// <summary>The URL of a bundle of programs, with its checksum in hexadecimal digits.</summary>
internal sealed record BundleSource(Uri Url, string Sha256);
