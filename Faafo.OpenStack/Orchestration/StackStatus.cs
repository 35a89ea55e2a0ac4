using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Orchestration;

/// <summary>
/// The status of a stack or of one of its resources: an action and its state. The service may send others than those listed here.
/// </summary>
/// <param name="Value">The value, as the service writes it.</param>
[JsonConverter(typeof(ExtensibleValueConverter<StackStatus>))]
public readonly record struct StackStatus(string Value) : IExtensibleValue<StackStatus>
{
    /// <summary>The creation is in progress (<c>CREATE_IN_PROGRESS</c>).</summary>
    public static StackStatus CreateInProgress { get; } = new("CREATE_IN_PROGRESS");

    /// <summary>The creation is complete (<c>CREATE_COMPLETE</c>).</summary>
    public static StackStatus CreateComplete { get; } = new("CREATE_COMPLETE");

    /// <summary>The creation failed (<c>CREATE_FAILED</c>).</summary>
    public static StackStatus CreateFailed { get; } = new("CREATE_FAILED");

    /// <summary>The update is in progress (<c>UPDATE_IN_PROGRESS</c>).</summary>
    public static StackStatus UpdateInProgress { get; } = new("UPDATE_IN_PROGRESS");

    /// <summary>The update is complete (<c>UPDATE_COMPLETE</c>).</summary>
    public static StackStatus UpdateComplete { get; } = new("UPDATE_COMPLETE");

    /// <summary>The update failed (<c>UPDATE_FAILED</c>).</summary>
    public static StackStatus UpdateFailed { get; } = new("UPDATE_FAILED");

    /// <summary>The deletion is in progress (<c>DELETE_IN_PROGRESS</c>).</summary>
    public static StackStatus DeleteInProgress { get; } = new("DELETE_IN_PROGRESS");

    /// <summary>The deletion is complete (<c>DELETE_COMPLETE</c>).</summary>
    public static StackStatus DeleteComplete { get; } = new("DELETE_COMPLETE");

    /// <summary>The deletion failed (<c>DELETE_FAILED</c>).</summary>
    public static StackStatus DeleteFailed { get; } = new("DELETE_FAILED");

    /// <summary>The check is in progress (<c>CHECK_IN_PROGRESS</c>).</summary>
    public static StackStatus CheckInProgress { get; } = new("CHECK_IN_PROGRESS");

    /// <summary>The check is complete (<c>CHECK_COMPLETE</c>).</summary>
    public static StackStatus CheckComplete { get; } = new("CHECK_COMPLETE");

    /// <summary>The check failed (<c>CHECK_FAILED</c>).</summary>
    public static StackStatus CheckFailed { get; } = new("CHECK_FAILED");

    /// <summary>The rollback is in progress (<c>ROLLBACK_IN_PROGRESS</c>).</summary>
    public static StackStatus RollbackInProgress { get; } = new("ROLLBACK_IN_PROGRESS");

    /// <summary>The rollback is complete (<c>ROLLBACK_COMPLETE</c>).</summary>
    public static StackStatus RollbackComplete { get; } = new("ROLLBACK_COMPLETE");

    /// <summary>The rollback failed (<c>ROLLBACK_FAILED</c>).</summary>
    public static StackStatus RollbackFailed { get; } = new("ROLLBACK_FAILED");

    /// <summary>Whether the action is still in progress.</summary>
    public bool IsInProgress => EndsWith("_IN_PROGRESS");

    /// <summary>Whether the action is complete.</summary>
    public bool IsComplete => EndsWith("_COMPLETE");

    /// <summary>Whether the action failed.</summary>
    public bool IsFailed => EndsWith("_FAILED");

    /// <summary>Takes a value as the service writes it.</summary>
    public static implicit operator StackStatus(string value) => new(value);

    /// <summary>Returns the value, as the service writes it.</summary>
    public override string ToString() => Value ?? "";

    private bool EndsWith(string state) => Value?.EndsWith(state, StringComparison.Ordinal) == true;
}
