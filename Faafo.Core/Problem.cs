using System.Text.Json.Serialization;
using Faafo.Fractals;

namespace Faafo;

/// <summary>
/// An error of the API: problem details (RFC 9457), with the <c>code</c> and <c>message</c> of the original Faafo
/// (openstack-archive/faafo).
/// </summary>
/// <param name="Title">The kind of error.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">The error in one sentence.</param>
public sealed record Problem(string Title, int Status, string Detail)
{
    /// <summary>The media type of the API's errors, which distinguishes them from those of a proxy.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>404: there is no fractal with the uuid in <see cref="Resource"/>.</summary>
    public const string NoSuchFractal = Own + "no-such-fractal";

    /// <summary>404: the fractal in <see cref="Resource"/> has no picture, or not yet.</summary>
    public const string NoSuchImage = Own + "no-such-image";

    /// <summary>404: there is no node with the name in <see cref="Resource"/>.</summary>
    public const string NoSuchNode = Own + "no-such-node";

    /// <summary>404: a part of the path is not a uuid.</summary>
    public const string InvalidUuid = Own + "invalid-uuid";

    /// <summary>400: <see cref="Errors"/> lists the invalid values.</summary>
    public const string InvalidRequest = Own + "invalid-request";

    /// <summary>409: the picture of a reported result is not in the API's image store.</summary>
    public const string ImageMissing = Own + "image-missing";

    /// <summary>409: the fractal in <see cref="Resource"/> is done with another picture.</summary>
    public const string OtherResult = Own + "other-result";

    /// <summary>409: the overrides of the group in <see cref="Resource"/> have another version.</summary>
    public const string OverridesChanged = Own + "overrides-changed";

    /// <summary>413: the body is too large.</summary>
    public const string TooLarge = Own + "too-large";

    private const string Own = "urn:faafo:problem:";

    /// <summary>The kind of error for programs: a constant of this class, or another URN of this API.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    /// <summary>The uuid or name that the error is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Resource { get; init; }

    /// <summary>The status code under its name in the original.</summary>
    public int Code => Status;

    /// <summary>The detail under its name in the original.</summary>
    public string Message => Detail;

    /// <summary>The invalid values by field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>Whether an API of Faafo wrote it: proxies and other services have types of their own, or none.</summary>
    [JsonIgnore]
    public bool IsOwn => Type?.StartsWith(Own, StringComparison.Ordinal) is true;

    /// <summary>Returns the general type of a status.</summary>
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
