using System.Net;
using System.Net.Sockets;

namespace Faafo.OpenStack;

/// <summary>
/// Repeats what may be repeated: reads, PUT and DELETE after a lost connection, 408, 429, 500, 502, 503 or 504;
/// POST only when it can't have been carried out: no connection, 429, or 413 or 503 with Retry-After.
/// </summary>
internal sealed class RetryHandler(OpenStackClientOptions options, HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var last = attempt >= options.MaxAttempts;
            TimeSpan? asked = null;
            try
            {
                var response = await AttemptAsync(request, cancellationToken).ConfigureAwait(false);
                asked = ApiError.ReadRetryAfter(response, options.TimeProvider);
                if (last || !IsTransient(request, response.StatusCode, asked) || !RequestContext.CanReplay(request) || asked > options.MaxRetryAfter)
                {
                    return response;
                }
                response.Dispose();
            }
            catch (HttpRequestException e) when (!last && IsTransient(request, e) && RequestContext.CanReplay(request))
            {
                // Again, below.
            }
            await Task.Delay(asked ?? Jitter(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether nothing can have reached the service.</summary>
    public static bool NeverArrived(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => true,
        HttpRequestError.NameResolutionError => true,
        HttpRequestError.SecureConnectionError => true,
        _ => false,
    };

    private static bool IsTransient(HttpRequestMessage request, HttpStatusCode status, TimeSpan? retryAfter) => (int)status switch
    {
        429 => true,
        503 => retryAfter is not null || IsRepeatable(request),
        413 => retryAfter is not null,
        408 or 500 or 502 or 504 => IsRepeatable(request),
        _ => false,
    };

    // A certificate that is refused and a name that does not exist stay so; a name server that is busy does not.
    private static bool IsTransient(HttpRequestMessage request, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => true,
        HttpRequestError.NameResolutionError => e.InnerException is SocketException { SocketErrorCode: SocketError.TryAgain },
        HttpRequestError.SecureConnectionError => false,
        _ => IsRepeatable(request),
    };

    private static bool IsRepeatable(HttpRequestMessage request) =>
        RequestContext.Of(request).Repeatable || (request.Method != HttpMethod.Post && request.Method != HttpMethod.Patch);

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = RequestContext.Of(request);
        using var limit = new IdleLimit(call.Streamed ? options.IdleTimeout : options.AttemptTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (request.Content is UploadContent upload)
        {
            upload.Limit = limit;
        }
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, either.Token).ConfigureAwait(false);

            // The body of an error is read whole, also where that of a success is streamed.
            var isError = !response.IsSuccessStatusCode && response.StatusCode != call.AlsoExpected;
            if (!call.Streamed || (isError && request.Method != HttpMethod.Head))
            {
                await response.Content.LoadIntoBufferAsync(either.Token).ConfigureAwait(false);
            }
            return response;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw NoAnswer(e, limit);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A cancellation that is not the caller's, as the failure that it stands for. The framework reports a connection that is not made in
    /// time as one too, with a TimeoutException within.
    /// </summary>
    private HttpRequestException NoAnswer(OperationCanceledException e, IdleLimit limit)
    {
        if (limit.Token.IsCancellationRequested)
        {
            return new HttpRequestException(HttpRequestError.Unknown, $"no complete answer within {limit.Timeout.TotalSeconds:0.###} s", e);
        }
        return e.InnerException is TimeoutException
            ? new HttpRequestException(
                HttpRequestError.ConnectionError, $"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s", e)
            : new HttpRequestException(HttpRequestError.Unknown, $"the request was cut off: {e.Message}", e);
    }

    /// <summary>Full jitter: anything from nothing to the doubled limit, so that clients that failed together do not come back together.</summary>
    private TimeSpan Jitter(int attempt)
    {
        var limit = Math.Min(options.MaxRetryDelay.TotalSeconds, options.RetryBaseDelay.TotalSeconds * Math.Pow(2, attempt - 1));
        lock (options.Random)
        {
            return TimeSpan.FromSeconds(limit * options.Random.NextDouble());
        }
    }
}
