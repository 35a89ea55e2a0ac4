using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>The status of a snapshot. The service may send others than those listed here.</summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<SnapshotStatus>))]
public readonly record struct SnapshotStatus(string Value) : IExtensibleValue<SnapshotStatus>
{
    /// <summary>It is being created (<c>creating</c>).</summary>
    public static SnapshotStatus Creating { get; } = new("creating");

    /// <summary>It can be used (<c>available</c>).</summary>
    public static SnapshotStatus Available { get; } = new("available");

    /// <summary>It is being backed up (<c>backing-up</c>).</summary>
    public static SnapshotStatus BackingUp { get; } = new("backing-up");

    /// <summary>It is being deleted (<c>deleting</c>).</summary>
    public static SnapshotStatus Deleting { get; } = new("deleting");

    /// <summary>It is gone (<c>deleted</c>).</summary>
    public static SnapshotStatus Deleted { get; } = new("deleted");

    /// <summary>Its creation failed (<c>error</c>).</summary>
    public static SnapshotStatus Error { get; } = new("error");

    /// <summary>Its deletion failed (<c>error_deleting</c>).</summary>
    public static SnapshotStatus ErrorDeleting { get; } = new("error_deleting");

    /// <summary>Whether an action on the snapshot failed.</summary>
    public bool IsError => Value?.StartsWith("error", StringComparison.Ordinal) == true;

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator SnapshotStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
