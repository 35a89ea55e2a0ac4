using Faafo.Queueing;

namespace Faafo.Api;

/// <summary>The settings of an API.</summary>
/// <param name="Urls">
/// Addresses to listen on, separated by semicolons: <c>http://HOST:PORT</c>, or <c>h2c://HOST:PORT</c> for HTTP/2 without TLS.
/// </param>
/// <param name="TransportUrl">The task queue.</param>
/// <param name="QueueType">How RabbitMQ's queue is declared.</param>
/// <param name="DatabaseUrl">The database.</param>
/// <param name="ImageStoreUrl">The image store.</param>
/// <param name="ImageRedirect">Whether images are answered with a redirect to the image store, if it has addresses to redirect to.</param>
/// <param name="NodeName">This API's name among the nodes.</param>
/// <param name="Heartbeat">Interval of its own heartbeats.</param>
internal sealed record ApiOptions(
    string Urls, string TransportUrl, QueueType QueueType, string DatabaseUrl, string ImageStoreUrl, bool ImageRedirect,
    string NodeName, TimeSpan Heartbeat)
{
    /// <summary>
    /// The scheme of addresses that speak HTTP/2 without TLS. Without TLS the version cannot be negotiated (RFC 9113, section 3.3), so
    /// these addresses speak nothing else.
    /// </summary>
    public const string Http2Scheme = "h2c://";

    /// <summary>The default limit; that many tasks take about 50 MB of the database.</summary>
    public const int DefaultOutboxLimit = 100_000;

    /// <summary>Most accepted fractals that wait for the queue; more are rejected.</summary>
    public int OutboxLimit { get; init; } = DefaultOutboxLimit;

    /// <summary>The address under which others, such as a balancer, reach this API; null for <see cref="Urls"/>.</summary>
    public string? AdvertiseUrl { get; init; }

    /// <summary>Validates addresses to listen on.</summary>
    /// <exception cref="FormatException">One is invalid. HTTPS is not supported: TLS ends at the balancer in front of an API.</exception>
    public static string CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            var hasScheme = url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || url.StartsWith(Http2Scheme, StringComparison.Ordinal);
            if (!hasScheme || !IsAddress(url))
            {
                throw new FormatException($"--urls must be an address such as {FaafoClient.DefaultEndpoint} (got '{url}')");
            }
        }
        return urls;
    }

    /// <summary>Validates the address for other hosts.</summary>
    /// <exception cref="FormatException">It is not an address.</exception>
    public static string CheckAdvertiseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", PathAndQuery: "/" }
            ? url.GetLeftPart(UriPartial.Authority)
            : throw new FormatException($"--advertise-url must be an address such as http://10.0.0.5:80 (got '{text}')");

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Host.Length: > 0, Port: >= 0 and <= 65_535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
