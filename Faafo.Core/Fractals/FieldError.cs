namespace Faafo.Fractals;

/// <summary>One refused value: which field, what it was, what is allowed.</summary>
/// <param name="Field">The JSON name of the field.</param>
/// <param name="Value">The refused value as text; null when the field was missing.</param>
/// <param name="Limit">What is allowed, in words.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record FieldError(string Field, string? Value, string Limit, string Message)
{
    /// <summary>The usual sentence: field, limit and, where there is one, the value.</summary>
    public static FieldError Of(string field, string? value, string limit) =>
        new(field, value, limit, value is null ? $"{field} is missing: it must be {limit}" : $"{field} must be {limit}, not {value}");
}
