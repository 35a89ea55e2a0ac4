using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>The status of a volume. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<VolumeStatus>))]
public readonly record struct VolumeStatus(string Value) : IExtensibleValue<VolumeStatus>
{
    /// <summary>It is being created (<c>creating</c>).</summary>
    public static VolumeStatus Creating { get; } = new("creating");

    /// <summary>It exists and is attached to no server (<c>available</c>).</summary>
    public static VolumeStatus Available { get; } = new("available");

    /// <summary>It is reserved for a server (<c>reserved</c>).</summary>
    public static VolumeStatus Reserved { get; } = new("reserved");

    /// <summary>It is being attached (<c>attaching</c>).</summary>
    public static VolumeStatus Attaching { get; } = new("attaching");

    /// <summary>It is being detached (<c>detaching</c>).</summary>
    public static VolumeStatus Detaching { get; } = new("detaching");

    /// <summary>It is attached to a server (<c>in-use</c>).</summary>
    public static VolumeStatus InUse { get; } = new("in-use");

    /// <summary>It is locked and migrates (<c>maintenance</c>).</summary>
    public static VolumeStatus Maintenance { get; } = new("maintenance");

    /// <summary>It is being deleted (<c>deleting</c>).</summary>
    public static VolumeStatus Deleting { get; } = new("deleting");

    /// <summary>It is gone (<c>deleted</c>).</summary>
    public static VolumeStatus Deleted { get; } = new("deleted");

    /// <summary>It waits for its transfer to another project (<c>awaiting-transfer</c>).</summary>
    public static VolumeStatus AwaitingTransfer { get; } = new("awaiting-transfer");

    /// <summary>It is being filled from an image (<c>downloading</c>).</summary>
    public static VolumeStatus Downloading { get; } = new("downloading");

    /// <summary>It is being copied into an image (<c>uploading</c>).</summary>
    public static VolumeStatus Uploading { get; } = new("uploading");

    /// <summary>Its type is being changed (<c>retyping</c>).</summary>
    public static VolumeStatus Retyping { get; } = new("retyping");

    /// <summary>It is being extended (<c>extending</c>).</summary>
    public static VolumeStatus Extending { get; } = new("extending");

    /// <summary>It is being backed up (<c>backing-up</c>).</summary>
    public static VolumeStatus BackingUp { get; } = new("backing-up");

    /// <summary>A backup is being restored to it (<c>restoring-backup</c>).</summary>
    public static VolumeStatus RestoringBackup { get; } = new("restoring-backup");

    /// <summary>Its creation failed (<c>error</c>).</summary>
    public static VolumeStatus Error { get; } = new("error");

    /// <summary>Its deletion failed (<c>error_deleting</c>).</summary>
    public static VolumeStatus ErrorDeleting { get; } = new("error_deleting");

    /// <summary>Its extension failed (<c>error_extending</c>).</summary>
    public static VolumeStatus ErrorExtending { get; } = new("error_extending");

    /// <summary>Whether an action on the volume failed.</summary>
    public bool IsError => Value?.StartsWith("error", StringComparison.Ordinal) == true;

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator VolumeStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
