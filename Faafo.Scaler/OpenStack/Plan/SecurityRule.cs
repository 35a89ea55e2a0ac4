namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>An ingress rule of a security group: a TCP port, open to another group of the flock or to everyone.</summary>
/// <param name="Port">The port.</param>
/// <param name="FromGroup">The group of instances that may connect; null for any address.</param>
internal sealed record SecurityRule(int Port, string? FromGroup = null)
{
    /// <summary>The rule as plans show it.</summary>
    public override string ToString() => $"tcp {Port} from {FromGroup ?? "anywhere"}";
}
