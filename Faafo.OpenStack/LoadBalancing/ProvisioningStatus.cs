using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>
/// The state of the configuration of a load balancer or one of its parts. The service may send others than those listed here.
/// </summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<ProvisioningStatus>))]
public readonly record struct ProvisioningStatus(string Value) : IExtensibleValue<ProvisioningStatus>
{
    /// <summary>It is configured and accepts changes (<c>ACTIVE</c>).</summary>
    public static ProvisioningStatus Active { get; } = new("ACTIVE");

    /// <summary>It is deleted (<c>DELETED</c>).</summary>
    public static ProvisioningStatus Deleted { get; } = new("DELETED");

    /// <summary>The last change failed (<c>ERROR</c>).</summary>
    public static ProvisioningStatus Error { get; } = new("ERROR");

    /// <summary>It is being created and accepts no changes (<c>PENDING_CREATE</c>).</summary>
    public static ProvisioningStatus PendingCreate { get; } = new("PENDING_CREATE");

    /// <summary>It is being changed and accepts no other changes (<c>PENDING_UPDATE</c>).</summary>
    public static ProvisioningStatus PendingUpdate { get; } = new("PENDING_UPDATE");

    /// <summary>It is being deleted (<c>PENDING_DELETE</c>).</summary>
    public static ProvisioningStatus PendingDelete { get; } = new("PENDING_DELETE");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator ProvisioningStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";
}
