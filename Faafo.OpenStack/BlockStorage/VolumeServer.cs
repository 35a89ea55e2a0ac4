namespace Faafo.OpenStack.BlockStorage;

/// <summary>A server that a volume is attached to.</summary>
public sealed record VolumeServer
{
    /// <summary>The server's id.</summary>
    public required string ServerId { get; init; }

    /// <summary>The device, such as <c>/dev/vdb</c>.</summary>
    public string? Device { get; init; }
}
