using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>The settings that all instances of a flock share.</summary>
/// <param name="Flock">The flock.</param>
/// <param name="Secrets">The logins of its programs.</param>
/// <param name="AuthUrl">Keystone, for programs that store pictures.</param>
/// <param name="Region">The cloud's region; null for the only one.</param>
/// <param name="Endpoint">The API as instances reach it: a private address that does not change.</param>
/// <param name="ServicesAddress">The private address of queue and database; null if both run elsewhere.</param>
/// <param name="ApiAddresses">The private addresses of the first APIs.</param>
internal sealed record InstanceSettings(FlockSpec Flock, FlockSecrets Secrets, Uri AuthUrl, string? Region, Uri Endpoint,
    string? ServicesAddress, IReadOnlyList<string> ApiAddresses)
{
    /// <summary>The name of the instances' key pair; null for none.</summary>
    public string? KeyPair { get; init; }
}
