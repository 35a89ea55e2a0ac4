using System.Net;
using Faafo.Http;

namespace Faafo.Scaler.OpenStack;

/// <summary>
/// Sends requests to one of several APIs that share their state: to the first or, if it fails, to the next, which stays in use for a
/// minute. Without it a scaler could not see the nodes when the first API fails, and could not even replace that API. A response counts if
/// it arrives completely and an API can have written it: server errors and pages of a proxy do not.
/// </summary>
/// <param name="endpoints">The URLs of the APIs; at least one.</param>
/// <param name="inner">Sends the requests.</param>
/// <param name="timeout">The time limit of each API; 4 s by default.</param>
/// <param name="time">The clock.</param>
internal sealed class FailoverHandler(
    IReadOnlyList<Uri> endpoints, HttpMessageHandler inner, TimeSpan? timeout = null, TimeProvider? time = null) : DelegatingHandler(inner)
{
    private const int LongestBody = 64 << 20;
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SingleTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReturnInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TimeSpan _timeout = timeout ?? DefaultTimeout;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private int _current;
    private long _movedAt;

    /// <summary>Opens a client of one or several APIs.</summary>
    /// <param name="endpoints">The URLs of the APIs; at least one.</param>
    public static IFaafoApi Connect(IReadOnlyList<Uri> endpoints) => endpoints.Count == 1
        ? FaafoClient.Connect(endpoints[0], timeout: SingleTimeout)
        : FaafoClient.Connect(
            endpoints[0], new FailoverHandler(endpoints, HttpConnections.Create()), DefaultTimeout * (endpoints.Count + 1));

    /// <summary>Sends a request. Its address is then that of the API that responded or failed last, which errors name.</summary>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var first = Choose();
        for (var attempt = 1; ; attempt++)
        {
            var index = (first + attempt - 1) % endpoints.Count;
            request.RequestUri = new Uri(endpoints[index], path);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_timeout);
            try
            {
                var response = await base.SendAsync(request, limit.Token);
                await response.Content.LoadIntoBufferAsync(LongestBody, limit.Token);
                if (IsFromApi(response))
                {
                    return response;
                }
                MoveOn(index);
                if (attempt == endpoints.Count)
                {
                    return response;
                }
                response.Dispose();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested
                && e is HttpRequestException or IOException or OperationCanceledException)
            {
                MoveOn(index);
                if (attempt < endpoints.Count)
                {
                    continue;
                }
                if (limit.IsCancellationRequested)
                {
                    throw TimedOut();
                }
                throw;
            }
        }
    }

    // Without the cancellation as its cause, whose message would be shown instead.
    private TimeoutException TimedOut() => new($"no response within {_timeout.TotalSeconds:0.###} s");

    private int Choose()
    {
        lock (_lock)
        {
            if (_current != 0 && _time.GetElapsedTime(_movedAt) >= ReturnInterval)
            {
                _current = 0;
            }
            return _current;
        }
    }

    // Of several concurrent requests that fail, only one moves on to the next API.
    private void MoveOn(int from)
    {
        lock (_lock)
        {
            if (_current == from)
            {
                _current = (from + 1) % endpoints.Count;
                _movedAt = _time.GetTimestamp();
            }
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
