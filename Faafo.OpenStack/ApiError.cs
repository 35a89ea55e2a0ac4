using System.Net;
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

    public static async Task<OpenStackApiException> ReadAsync(
        HttpResponseMessage response, ServiceType service, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = "";
        try
        {
            body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The status is worth reporting without the body.
        }
        return Parse(response, service, body, time).ToException();
    }

    public static ApiError Parse(HttpResponseMessage response, ServiceType service, string body, TimeProvider time)
    {
        var (type, detail) = Describe(body);
        return new ApiError
        {
            Status = response.StatusCode,
            Service = service,
            Method = response.RequestMessage?.Method.Method ?? "",
            Uri = Mask(response.RequestMessage?.RequestUri?.ToString() ?? ""),
            RequestId = Header("X-Openstack-Request-Id") ?? Header("X-Compute-Request-Id") ?? Header("X-Trans-Id"),
            ErrorType = type,
            Detail = detail,
            RetryAfter = ReadRetryAfter(response, time),
            Body = body.Length > BodyLimit ? body[..BodyLimit] : body,
        };
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
        403 or 409 or 413 when IsQuota => new QuotaExceededException(this),
        404 => new NotFoundException(this),
        409 or 412 => new ConflictException(this),
        429 => new RateLimitedException(this),
        413 when RetryAfter is not null => new RateLimitedException(this),
        _ => new OpenStackApiException(this),
    };

    public override string ToString() =>
        $"{Service.Name}: {Method} {Uri} returned {(int)Status}{Join(" ", ErrorType)}"
        + $"{Join(": ", Detail)}{Join(" (request ", RequestId, ")")}";

    /// <summary>Masks the signatures in the query of temporary URLs and Heat's webhooks, which grant access.</summary>
    public static string Mask(string uri) => Signature().Replace(uri, "$1***");

    private bool IsQuota => ErrorType is "OverQuota" or "overLimit" && RetryAfter is null
        || Detail?.Contains("quota", StringComparison.OrdinalIgnoreCase) == true
        || Detail?.Contains("maximum number of stacks", StringComparison.OrdinalIgnoreCase) == true;

    private static string Join(string before, string? text, string after = "") => string.IsNullOrEmpty(text) ? "" : before + text + after;

    private static (string? Type, string? Detail) Describe(string body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            return (null, null);
        }
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return DescribeObject(document.RootElement);
            }
        }
        catch (JsonException)
        {
            // HTML or text, below.
        }
        var text = Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(body, " ")), " ").Trim();
        return (null, text.Length > 500 ? text[..500] : text);
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
        return (Text(root, "title"), Text(root, "message") ?? Text(root, "explanation"));
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

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
