using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The status of a server. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ServerStatus>))]
public readonly record struct ServerStatus(string Value) : IExtensibleValue<ServerStatus>
{
    /// <summary>It runs (<c>ACTIVE</c>).</summary>
    public static ServerStatus Active { get; } = new("ACTIVE");

    /// <summary>It is being created (<c>BUILD</c>).</summary>
    public static ServerStatus Build { get; } = new("BUILD");

    /// <summary>It is deleted (<c>DELETED</c>).</summary>
    public static ServerStatus Deleted { get; } = new("DELETED");

    /// <summary>It failed; <see cref="Server.Fault"/> has the reason (<c>ERROR</c>).</summary>
    public static ServerStatus Error { get; } = new("ERROR");

    /// <summary>It is being switched off and on (<c>HARD_REBOOT</c>).</summary>
    public static ServerStatus HardReboot { get; } = new("HARD_REBOOT");

    /// <summary>It moves to another host (<c>MIGRATING</c>).</summary>
    public static ServerStatus Migrating { get; } = new("MIGRATING");

    /// <summary>Its password is being changed (<c>PASSWORD</c>).</summary>
    public static ServerStatus Password { get; } = new("PASSWORD");

    /// <summary>It is paused in memory (<c>PAUSED</c>).</summary>
    public static ServerStatus Paused { get; } = new("PAUSED");

    /// <summary>It restarts (<c>REBOOT</c>).</summary>
    public static ServerStatus Reboot { get; } = new("REBOOT");

    /// <summary>It is being created again from an image (<c>REBUILD</c>).</summary>
    public static ServerStatus Rebuild { get; } = new("REBUILD");

    /// <summary>It runs from a rescue image (<c>RESCUE</c>).</summary>
    public static ServerStatus Rescue { get; } = new("RESCUE");

    /// <summary>It is being resized (<c>RESIZE</c>).</summary>
    public static ServerStatus Resize { get; } = new("RESIZE");

    /// <summary>A resize is being reverted (<c>REVERT_RESIZE</c>).</summary>
    public static ServerStatus RevertResize { get; } = new("REVERT_RESIZE");

    /// <summary>It is off, and its image is stored (<c>SHELVED</c>).</summary>
    public static ServerStatus Shelved { get; } = new("SHELVED");

    /// <summary>It is off, and no host holds it (<c>SHELVED_OFFLOADED</c>).</summary>
    public static ServerStatus ShelvedOffloaded { get; } = new("SHELVED_OFFLOADED");

    /// <summary>It is off (<c>SHUTOFF</c>).</summary>
    public static ServerStatus Shutoff { get; } = new("SHUTOFF");

    /// <summary>It is deleted, and can be restored for some time (<c>SOFT_DELETED</c>).</summary>
    public static ServerStatus SoftDeleted { get; } = new("SOFT_DELETED");

    /// <summary>It is suspended to disk (<c>SUSPENDED</c>).</summary>
    public static ServerStatus Suspended { get; } = new("SUSPENDED");

    /// <summary>Nova cannot tell (<c>UNKNOWN</c>).</summary>
    public static ServerStatus Unknown { get; } = new("UNKNOWN");

    /// <summary>It is resized, and waits for the confirmation (<c>VERIFY_RESIZE</c>).</summary>
    public static ServerStatus VerifyResize { get; } = new("VERIFY_RESIZE");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ServerStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
