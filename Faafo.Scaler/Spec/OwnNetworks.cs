namespace Faafo.Scaler.Spec;

/// <summary>Networks that the flock makes for itself, as CIDR ranges.</summary>
internal sealed record OwnNetworks(string Worker, string Api, string Services);
