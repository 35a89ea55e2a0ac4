using System.Text.Json.Serialization;
using Faafo.Fractals;

namespace Faafo;

/// <summary>An error as the API says it: problem details of RFC 9457, and the original's <c>message</c> beside.</summary>
/// <param name="Title">The kind of error.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What was wrong, in one sentence.</param>
public sealed record Problem(string Title, int Status, string Detail)
{
    /// <summary>The original's name for the status code.</summary>
    public int Code => Status;

    /// <summary>The original's name for the sentence.</summary>
    public string Message => Detail;

    /// <summary>Each refused value by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }
}
