using Faafo.Scaler.OpenStack.Provision;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>What every instance of a flock is told.</summary>
/// <param name="Flock">The flock as it is wanted.</param>
/// <param name="Secrets">What programs log in with.</param>
/// <param name="AuthUrl">Keystone, for programs that store pictures.</param>
/// <param name="Region">The cloud's region; null for its only one.</param>
/// <param name="Endpoint">Where instances find the API: a private address that stays.</param>
/// <param name="ServicesAddress">The private address of queue and database; null when they are somewhere else.</param>
/// <param name="ApiAddresses">The private addresses of the first APIs.</param>
internal sealed record InstanceSettings(
    FlockSpec Flock, FlockSecrets Secrets, Uri AuthUrl, string? Region, Uri Endpoint, string? ServicesAddress, IReadOnlyList<string> ApiAddresses)
{
    /// <summary>The name of the instances' key pair; null for none.</summary>
    public string? KeyPair { get; init; }
}
