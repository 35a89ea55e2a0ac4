namespace Faafo.Scaler.Spec;

/// <summary>The networks that the scaler creates for a flock, as CIDR ranges.</summary>
internal sealed record OwnNetworks(string Worker, string Api, string Services)
{
    /// <summary>The ranges by the name of their network.</summary>
    public IReadOnlyList<(string Name, string Cidr)> Ranges =>
        [(FlockSpec.Worker, Worker), (FlockSpec.Api, Api), (FlockSpec.Services, Services)];
}
