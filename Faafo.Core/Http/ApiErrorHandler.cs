using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Faafo.Http;

/// <summary>
/// Limits time and size of each exchange with the API and turns every failure into a <see cref="FaafoApiException"/>, except for a
/// cancellation by the caller. It passes on responses that an API of Faafo can have sent, read to their end; only a picture is left to
/// its reader.
/// </summary>
/// <param name="endpoint">The address of the API, for messages. Where <paramref name="inner"/> chooses another, they name that.</param>
/// <param name="timeout">The time limit of a request, from its first byte to the last byte of the response.</param>
/// <param name="inner">Sends the requests.</param>
internal sealed class ApiErrorHandler(Uri endpoint, TimeSpan timeout, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The media type of pictures; a request that accepts it gets its response as a stream.</summary>
    public const string ImageType = "image/png";

    /// <summary>The largest body that is held in memory; a list of a thousand busy nodes is smaller.</summary>
    public const int LargestBody = 64 << 20;

    private const int LargestProblem = 1 << 20;

    // A large body, a result with its picture, adds a second to the limit for each of these bytes.
    private const int SlowestUpload = 256 << 10;

    /// <summary>Creates the error for a response that no API of Faafo sends to such a request.</summary>
    public FaafoApiException Foreign(HttpResponseMessage response, string what, Exception? inner = null) => new((int)response.StatusCode,
        $"{AddressOf(response.RequestMessage)} responded {(int)response.StatusCode} {response.ReasonPhrase}{what}: "
        + "this is not a Faafo API, or a proxy without a route to one", inner);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            limit.CancelAfter(timeout + TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) / SlowestUpload));
        }
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, limit.Token);
            await CheckAsync(request, response, limit.Token);
            return response;
        }
        catch (Exception e)
        {
            response?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested && e is not FaafoApiException ? TimedOut(request) : Failed(request, e);
        }
    }

    private async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(request, response, cancellationToken);
        }
        if (request.Headers.Accept.Contains(new MediaTypeWithQualityHeaderValue(ImageType)))
        {
            await CheckImageAsync(request, response, cancellationToken);
            return;
        }
        var wantsNoBody = request.Method == HttpMethod.Delete || (request.Method == HttpMethod.Post && request.Content is null);
        if (wantsNoBody && response.StatusCode != HttpStatusCode.NoContent)
        {
            throw Foreign(response, " instead of 204 No Content");
        }
        await response.Content.LoadIntoBufferAsync(LargestBody, cancellationToken);
        if (!wantsNoBody && (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0))
        {
            throw Foreign(response, " without a body");
        }
        if (response.Content.Headers.ContentType is { } type)
        {
            type.CharSet = null;    // JSON is UTF-8 whatever a proxy writes here (RFC 8259, section 8.1)
        }
    }

    private async Task CheckImageAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        // An object store that the API redirects to may know no better type.
        if (response.StatusCode != HttpStatusCode.OK || type is not (null or ImageType or "application/octet-stream"))
        {
            throw Foreign(response, $" with {type ?? "nothing"} instead of a picture");
        }
        response.Content = new StreamContent(new ImageStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), timeout, () => TimedOut(request), e => Failed(request, e)));
    }

    // A status code alone may come from anything between client and API; only the API's own problem document counts.
    private async Task<FaafoApiException> RefusalAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var problem = await ReadProblemAsync(response, cancellationToken);
        if (problem is { IsOwn: true, Detail: not null } && problem.Status == status
            && response.Content.Headers.ContentType?.MediaType == Problem.MediaType
            && (problem.Resource is null ? status is not (404 or 409) : IsAbout(request, problem.Resource)))
        {
            return new FaafoApiException(status, problem.Detail, null) { Type = problem.Type };
        }
        var detail = problem?.Detail is { Length: > 0 } text ? $" ({text})" : "";
        return status is 408 or 429 or >= 500
            ? new FaafoApiException(status, $"{AddressOf(request)} responded {status} {response.ReasonPhrase}{detail}", null)
            : Foreign(response, detail);
    }

    private static bool IsAbout(HttpRequestMessage request, string resource) => request.RequestUri!.Segments
        .Any(segment => Uri.UnescapeDataString(segment.TrimEnd('/')).Equals(resource, StringComparison.OrdinalIgnoreCase));

    private static async Task<Problem?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestProblem, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(body, FaafoJson.Default.Problem);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;    // not a problem document: the page of a proxy, for instance
        }
    }

    private Uri AddressOf(HttpRequestMessage? request) => request?.RequestUri is { } address && address.Authority != endpoint.Authority
        ? new Uri(address.GetLeftPart(UriPartial.Authority))
        : endpoint;

    private FaafoApiException TimedOut(HttpRequestMessage request) =>
        FaafoApiException.Unreachable(AddressOf(request), new TimeoutException($"no response within {timeout.TotalSeconds:0.###} s"));

    private FaafoApiException Failed(HttpRequestMessage request, Exception e) => e switch
    {
        FaafoApiException known => known,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new FaafoApiException(0, $"{AddressOf(request)} responded with more than {LargestBody >> 20} MiB: this is not a Faafo API", e),
        _ => FaafoApiException.Unreachable(AddressOf(request), e),
    };
}
