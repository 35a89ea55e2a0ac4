using Faafo.Queueing;

namespace Faafo.Api;

/// <summary>What the API was told at its start.</summary>
/// <param name="Urls">Where to listen, separated by semicolons: <c>http://HOST:PORT</c>, or <c>h2c://HOST:PORT</c> for HTTP/2 without TLS.</param>
/// <param name="TransportUrl">The task queue.</param>
/// <param name="QueueType">How RabbitMQ's queue is declared.</param>
/// <param name="DatabaseUrl">The database.</param>
/// <param name="ImageStoreUrl">The image store.</param>
/// <param name="ImageRedirect">Whether images are answered with an address in the image store, where it has one to give.</param>
/// <param name="NodeName">This API's name among the nodes.</param>
/// <param name="Heartbeat">Time between two of its own heartbeats.</param>
internal sealed record ApiOptions(
    string Urls, string TransportUrl, QueueType QueueType, string DatabaseUrl, string ImageStoreUrl, bool ImageRedirect,
    string NodeName, TimeSpan Heartbeat)
{
    /// <summary>
    /// What an address begins with that speaks HTTP/2 without TLS. There is nothing to negotiate the version with then (RFC 9113, section
    /// 3.3), so it is an address of its own.
    /// </summary>
    public const string Http2Scheme = "h2c://";

    /// <summary>As many orders take some 50 MB of the database.</summary>
    public const int DefaultOutboxLimit = 100_000;

    /// <summary>Accepted fractals that may wait for the queue; while there are as many, no more are accepted.</summary>
    public int OutboxLimit { get; init; } = DefaultOutboxLimit;

    /// <summary>Where others, a balancer for instance, reach this API; null for <see cref="Urls"/>, which says so where it names one address.</summary>
    public string? AdvertiseUrl { get; init; }

    /// <summary>Where to listen, <c>http://HOST:PORT</c> or, for HTTP/2 without TLS, <c>h2c://HOST:PORT</c>, several with semicolons between.</summary>
    /// <exception cref="FormatException">It is none. Nothing here has a certificate: TLS ends at what stands before an API.</exception>
    public static string CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!(url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith(Http2Scheme, StringComparison.Ordinal)) || !IsAddress(url))
            {
                throw new FormatException($"--urls must be an address such as {FaafoClient.DefaultEndpoint}, not '{url}'");
            }
        }
        return urls;

        static bool IsAddress(string url)
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
}
