using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Faafo.OpenStack;

/// <summary>The content of an error response. Every service has its own format, and proxies in front of them send HTML.</summary>
internal sealed partial record ApiError
{
    private const int BodyLimit = 4096;

    public required HttpStatusCode Status { get; init; }
    public required ServiceType Service { get; init; }
    public required string Method { get; init; }
    public required string Uri { get; init; }
    public string? RequestId { get; init; }
    public string? ErrorType { get; init; }
    public string? Detail { get; init; }
    public TimeSpan? RetryAfter { get; init; }
    public string Body { get; init; } = "";
    public bool IsJson { get; init; }

    public static async Task<OpenStackApiException> ReadAsync(
        HttpResponseMessage response, ServiceType service, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = "";
        try
        {
            // Not as text: the content type may name a character set that does not exist.
            body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The status is worth reporting without the body.
        }
        return Parse(response, service, body, time).ToException();
    }

    public static ApiError Parse(HttpResponseMessage response, ServiceType service, string body, TimeProvider time)
    {
        var (type, detail, isJson) = Describe(body);
        return new ApiError
        {
            Status = response.StatusCode,
            Service = service,
            Method = response.RequestMessage?.Method.Method ?? "",
            Uri = Mask(response.RequestMessage?.RequestUri?.ToString() ?? ""),
            RequestId = RequestIdOf(response),
            ErrorType = type,
            Detail = detail,
            IsJson = isJson,
            RetryAfter = ReadRetryAfter(response, time),
            Body = body.Length > BodyLimit ? body[..BodyLimit] : body,
        };
    }

    /// <summary>Reads the service's id of a request; <c>null</c> if it sent none.</summary>
    public static string? RequestIdOf(HttpResponseMessage response)
    {
        return Header("X-Openstack-Request-Id") ?? Header("X-Compute-Request-Id") ?? Header("X-Trans-Id");
        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
    }

    /// <summary>Reads Retry-After, in seconds or as a date; never negative.</summary>
    public static TimeSpan? ReadRetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var delay = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - time.GetUtcNow();
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }

    public OpenStackApiException ToException() => (int)Status switch
    {
        401 => new UnauthorizedException(this),
        400 or 403 or 409 or 413 when IsQuota => new QuotaExceededException(this),
        404 when IsMissingResource => new NotFoundException(this),
        409 or 412 => new ConflictException(this),
        429 => new RateLimitedException(this),
        413 when RetryAfter > TimeSpan.Zero => new RateLimitedException(this),
        _ => new OpenStackApiException(this),
    };

    public override string ToString() =>
        $"{Service.Name}: {Method} {Uri} returned {(int)Status}{Join(" ", ErrorType)}"
        + $"{Join(": ", Detail)}{Join(" (request ", RequestId, ")")}";

    /// <summary>Masks the signatures in the query of temporary URLs and Heat's webhooks, which grant access.</summary>
    public static string Mask(string uri) => Signature().Replace(uri, "$1***");

    // As the services word it: Neutron 409 OverQuota; Heat 400 RequestLimitExceeded (heat/api/middleware/fault.py); Designate 413
    // over_quota; Cinder 413 overLimit with Retry-After 0 (cinder/exception.py, QuotaError), "Maximum number of snapshots allowed (10)
    // exceeded"; Nova 403 "Maximum number of ports exceeded"; Glance 413 "The size of the data 9 will exceed the limit." Others have the
    // word quota.
    private bool IsQuota => (int)Status == 400
        ? ErrorType == "RequestLimitExceeded"
        : ErrorType is "OverQuota" or "over_quota"
            || (ErrorType == "overLimit" && (RetryAfter ?? TimeSpan.Zero) == TimeSpan.Zero)
            || (Detail is not null && Quota().IsMatch(Detail))
            || ((int)Status == 413 && Service == ServiceType.Image
                && Detail?.Contains("exceed", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>
    /// Whether a 404 is the service's own answer about a resource. A proxy that knows no such address, or a service that knows no such
    /// path, also sends 404: neither means that the resource does not exist.
    /// </summary>
    private bool IsMissingResource => Service == ServiceType.ObjectStore
        ? RequestId is not null // Swift words both alike, and answers HEAD without a body; a proxy sends no transaction id.
        : Detail is not null && (ErrorType is not null || RequestId is not null) && IsJson && !UnknownPath().IsMatch(Detail);

    private static string Join(string before, string? text, string after = "") => string.IsNullOrEmpty(text) ? "" : before + text + after;

    private static (string? Type, string? Detail, bool IsJson) Describe(string body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return (null, null, false);
        }
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var (type, detail) = DescribeObject(document.RootElement);
                return (type, detail, true);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // HTML or text, below.
        }
        var text = Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(body, " ")), " ").Trim();
        return (null, text.Length > 500 ? text[..500] : text, false);
    }

    private static (string? Type, string? Detail) DescribeObject(JsonElement root)
    {
        // Octavia {faultcode, faultstring}; Heat {error: {type, message}}; Neutron {NeutronError: {type, message}};
        // Placement {errors: [{title, detail}]}; Nova, Cinder and Keystone {anyKey: {message, code, title}}; Glance {message, title}.
        if (Text(root, "faultstring") is { } fault)
        {
            return (Text(root, "faultcode"), fault);
        }
        foreach (var property in root.EnumerateObject())
        {
            var inner = property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() > 0
                ? property.Value[0]
                : property.Value;
            if (inner.ValueKind == JsonValueKind.Object && (Text(inner, "message") ?? Text(inner, "detail")) is { } message)
            {
                var type = Text(inner, "type") ?? Text(inner, "title") ?? property.Name;
                return (type.Length == 0 ? null : type, message);
            }
            if (inner.ValueKind == JsonValueKind.String && property.Name.EndsWith("Error", StringComparison.Ordinal))
            {
                return (property.Name, inner.GetString());
            }
        }
        return (
            Text(root, "type") ?? Text(root, "title"),
            Text(root, "message") ?? Text(root, "explanation") ?? Text(root, "description"));
    }

    private static string? Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }

    [GeneratedRegex("(temp_url_sig=|Signature=|SignatureMethod=|AWSAccessKeyId=)[^&\\s]*", RegexOptions.IgnoreCase)]
    private static partial Regex Signature();

    [GeneratedRegex("<(style|script|head)[^>]*>.*?</\\1>|<[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Tags();

    [GeneratedRegex("quota|maximum number of .*exceed", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Quota();

    // The router of every service (WebOb, Pecan, Flask) uses these words for a path that it does not know.
    [GeneratedRegex("^(\\([^)]*\\): )?(The resource could not be found|The requested URL was not found)", RegexOptions.IgnoreCase)]
    private static partial Regex UnknownPath();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
