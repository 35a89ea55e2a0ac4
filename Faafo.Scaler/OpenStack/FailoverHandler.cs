using Faafo.Http;
using System.Net;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Sends requests to one of several APIs that share their state: to the one that answered last, and if it does not, to the next. Without
/// it a scaler would be blind when the first API dies, and could not even replace that. An answer counts when it has come in whole and an
/// API can have written it: errors of a server and pages of a proxy do not.
/// </summary>
internal sealed class FailoverHandler(IReadOnlyList<Uri> endpoints, HttpMessageHandler inner, TimeSpan? patience = null) : DelegatingHandler(inner)
{
    private const int LongestBody = 64 << 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private readonly TimeSpan _patience = patience ?? Timeout;
    private int _current;

    /// <summary>A client of them.</summary>
    /// <param name="endpoints">Where they are; at least one.</param>
    public static IFaafoApi Connect(IReadOnlyList<Uri> endpoints) => endpoints.Count == 1
        ? FaafoClient.Connect(endpoints[0], timeout: TimeSpan.FromSeconds(10))
        : FaafoClient.Connect(
            endpoints[0], new FailoverHandler(endpoints, HttpConnections.Create()), Timeout * (endpoints.Count + 1));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var tries = 1; ; tries++)
        {
            var tried = Volatile.Read(ref _current);
            request.RequestUri = new Uri(endpoints[tried], path);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_patience);
            try
            {
                var response = await base.SendAsync(request, limit.Token);
                await response.Content.LoadIntoBufferAsync(LongestBody, limit.Token);
                if (tries == endpoints.Count || IsAnswer(response))
                {
                    return response;
                }
                response.Dispose();
            }
            catch (Exception e) when (tries < endpoints.Count && !cancellationToken.IsCancellationRequested
                && e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The next one may answer.
            }
            // Of several requests at a time that fail, one moves on for all.
            Interlocked.CompareExchange(ref _current, (tried + 1) % endpoints.Count, tried);
        }
    }

    private static bool IsAnswer(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        return response.IsSuccessStatusCode ? type is not "text/html"
            : response.StatusCode < HttpStatusCode.InternalServerError && type == Problem.MediaType;
    }
}
