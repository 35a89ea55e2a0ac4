namespace Faafo.OpenStack.Networking;

/// <summary>Changes to a network; <c>null</c> leaves a property unchanged.</summary>
public sealed record NetworkUpdate
{
    /// <summary>The name.</summary>
    public string? Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the network passes packets.</summary>
    public bool? AdminStateUp { get; init; }

    /// <summary>Whether new ports have port security unless they say otherwise.</summary>
    public bool? PortSecurityEnabled { get; init; }

    /// <summary>The largest packet in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>Whether all projects may use it, for administrators.</summary>
    public bool? Shared { get; init; }
}
