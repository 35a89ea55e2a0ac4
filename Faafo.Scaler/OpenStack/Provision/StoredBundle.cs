namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>A bundle in the flock's container.</summary>
/// <param name="Object">The object's name.</param>
/// <param name="Sha256">Its checksum, in lower-case hexadecimal digits.</param>
internal sealed record StoredBundle(string Object, string Sha256);
