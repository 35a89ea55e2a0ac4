using System.Text.Json.Serialization;
using Faafo.Fractals;

namespace Faafo;

/// <summary>An error as the API says it: problem details of RFC 9457, and the original's <c>message</c> beside.</summary>
/// <param name="Title">The kind of error.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What was wrong, in one sentence.</param>
public sealed record Problem(string Title, int Status, string Detail)
{
    /// <summary>What distinguishes the API's own errors from those of a proxy.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>404: no fractal has the uuid that <see cref="Resource"/> repeats.</summary>
    public const string NoSuchFractal = Own + "no-such-fractal";

    /// <summary>404: the fractal of <see cref="Resource"/> has no picture, or none yet.</summary>
    public const string NoSuchImage = Own + "no-such-image";

    /// <summary>404: no node has the name that <see cref="Resource"/> repeats.</summary>
    public const string NoSuchNode = Own + "no-such-node";

    /// <summary>404: the path has no uuid where there should be one.</summary>
    public const string InvalidUuid = Own + "invalid-uuid";

    /// <summary>400: <see cref="Errors"/> says which values.</summary>
    public const string InvalidRequest = Own + "invalid-request";

    /// <summary>409: a result was reported whose picture is not in the API's image store.</summary>
    public const string ImageMissing = Own + "image-missing";

    /// <summary>409: the fractal of <see cref="Resource"/> is done, with another picture.</summary>
    public const string OtherResult = Own + "other-result";

    /// <summary>413.</summary>
    public const string TooLarge = Own + "too-large";

    private const string Own = "urn:faafo:problem:";

    /// <summary>The kind of error for programs: one of this class's constants, or another URN of this API.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    /// <summary>The uuid or name that the error is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resource { get; init; }

    /// <summary>The original's name for the status code.</summary>
    public int Code => Status;

    /// <summary>The original's name for the sentence.</summary>
    public string Message => Detail;

    /// <summary>Each refused value by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>True when an API of Faafo wrote it: proxies and other services have types of their own, or none.</summary>
    [JsonIgnore]
    public bool IsOwn => Type?.StartsWith(Own, StringComparison.Ordinal) is true;

    /// <summary>The type of an error that needs no closer one: that of its status.</summary>
    public static string TypeOf(int status) => status switch
    {
        400 => InvalidRequest,
        404 or 405 => Own + "no-such-call",
        413 => TooLarge,
        415 => Own + "unsupported-media-type",
        503 => Own + "unavailable",
        _ => Own + "error",
    };
}
