using System.Net;
using Faafo.Http;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Sends requests to one of several APIs that share their state: to the one that responded last and, if it fails, to the next. Without
/// it a scaler could not see the nodes when the first API fails, and could not even replace that API. A response counts if it arrives
/// completely and an API can have written it: server errors and pages of a proxy do not.
/// </summary>
internal sealed class FailoverHandler(IReadOnlyList<Uri> endpoints, HttpMessageHandler inner, TimeSpan? timeout = null)
    : DelegatingHandler(inner)
{
    private const int LongestBody = 64 << 20;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SingleTimeout = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _timeout = timeout ?? DefaultTimeout;
    private int _current;

    /// <summary>Opens a client of one or several APIs.</summary>
    /// <param name="endpoints">The URLs of the APIs; at least one.</param>
    public static IFaafoApi Connect(IReadOnlyList<Uri> endpoints) => endpoints.Count == 1
        ? FaafoClient.Connect(endpoints[0], timeout: SingleTimeout)
        : FaafoClient.Connect(
            endpoints[0], new FailoverHandler(endpoints, HttpConnections.Create()), DefaultTimeout * (endpoints.Count + 1));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        for (var attempt = 1; ; attempt++)
        {
            var index = Volatile.Read(ref _current);
            request.RequestUri = new Uri(endpoints[index], path);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_timeout);
            try
            {
                var response = await base.SendAsync(request, limit.Token);
                await response.Content.LoadIntoBufferAsync(LongestBody, limit.Token);
                if (attempt == endpoints.Count || IsFromApi(response))
                {
                    return response;
                }
                response.Dispose();
            }
            catch (Exception e) when (attempt < endpoints.Count && !cancellationToken.IsCancellationRequested
                && e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The next API may respond.
            }
            // Of several concurrent requests that fail, only one moves on to the next API.
            Interlocked.CompareExchange(ref _current, (index + 1) % endpoints.Count, index);
        }
    }

    private static bool IsFromApi(HttpResponseMessage response)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (response.IsSuccessStatusCode)
        {
            return type is not "text/html";
        }
        return response.StatusCode < HttpStatusCode.InternalServerError && type == Problem.MediaType;
    }
}
