namespace Faafo.OpenStack.Networking;

/// <summary>An address of a port.</summary>
public sealed record FixedIP
{
    /// <summary>The address.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The subnet it is from.</summary>
    public string? SubnetId { get; init; }
}
