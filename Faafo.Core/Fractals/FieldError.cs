namespace Faafo.Fractals;

/// <summary>One rejected value: its field, the value, and the values that are allowed.</summary>
/// <param name="Field">The JSON name of the field.</param>
/// <param name="Value">The rejected value as text; null when the field was missing.</param>
/// <param name="Limit">The allowed values in words.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record FieldError(string Field, string? Value, string Limit, string Message)
{
    /// <summary>Builds an error with the usual message: field, limit and, unless it was missing, the value.</summary>
    public static FieldError Of(string field, string? value, string limit) =>
        new(field, value, limit, value is null ? $"{field} is missing: it must be {limit}" : $"{field} must be {limit} (got {value})");
}
