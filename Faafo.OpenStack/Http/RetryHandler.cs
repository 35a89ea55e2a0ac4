using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Faafo.OpenStack;

/// <summary>
/// Retries requests that can safely be repeated: reads, PUT and DELETE after a lost connection, 408, 429, 500, 502, 503 or 504; POST only
/// if it cannot have been carried out: no connection, 429, 503 with Retry-After, or 413 with a Retry-After of more than zero, which limits
/// a rate; Cinder sends zero with its quotas, which a retry does not change. Every retry pauses, also if Retry-After is zero or past.
/// </summary>
internal sealed class RetryHandler(OpenStackClientOptions options, HttpMessageHandler next) : DelegatingHandler(next)
{
    private readonly Backoff _backoff = new(options.RetryBaseDelay, options.MaxRetryDelay);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var last = attempt >= options.MaxAttempts;
            TimeSpan? retryAfter = null;
            string reason;
            try
            {
                var response = await AttemptAsync(request, cancellationToken).ConfigureAwait(false);
                retryAfter = ApiError.ReadRetryAfter(response, options.TimeProvider);
                var isTransient = IsTransient(request, response.StatusCode, retryAfter) && RequestContext.CanReplay(request);
                if (last || !isTransient || retryAfter > options.MaxRetryAfter)
                {
                    return response;
                }
                reason = $"status {(int)response.StatusCode}";
                response.Dispose();
            }
            catch (HttpRequestException e) when (!last && IsTransient(request, e) && RequestContext.CanReplay(request))
            {
                reason = e.Message; // Retried below.
            }
            var delay = retryAfter > TimeSpan.Zero ? retryAfter.Value : _backoff.After(attempt, options.Random);
            Log(request, attempt, delay, reason);
            await Task.Delay(delay, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Log(HttpRequestMessage request, int attempt, TimeSpan delay, string reason)
    {
        var logger = options.Logger;
        if (logger.IsEnabled(LogLevel.Information))
        {
            var service = RequestContext.Of(request).Service;
            var route = RouteTemplate.Of(service, request.RequestUri!);
            var masked = ApiError.Mask(reason);
            ClientLog.Retrying(logger, attempt, options.MaxAttempts, request.Method.Method, route, service.Name, delay, masked);
        }
    }

    /// <summary>Checks whether the request cannot have reached the service.</summary>
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
        413 => retryAfter > TimeSpan.Zero,
        408 or 500 or 502 or 504 => IsRepeatable(request),
        _ => false,
    };

    // A rejected certificate and an unknown host name do not change in a moment; a busy name server does.
    private static bool IsTransient(HttpRequestMessage request, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError => true,
        HttpRequestError.NameResolutionError => e.InnerException is SocketException { SocketErrorCode: SocketError.TryAgain },
        HttpRequestError.SecureConnectionError => false,
        _ => IsRepeatable(request),
    };

    private static bool IsRepeatable(HttpRequestMessage request)
    {
        var context = RequestContext.Of(request);
        return !context.Once && (context.Repeatable || (request.Method != HttpMethod.Post && request.Method != HttpMethod.Patch));
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = RequestContext.Of(request);
        using var limit = new IdleLimit(context.Streamed ? options.IdleTimeout : options.AttemptTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (request.Content is UploadContent upload)
        {
            upload.Limit = limit;
        }
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, either.Token).ConfigureAwait(false);

            // The body of an error is read completely, even if that of a success is streamed.
            var isError = !response.IsSuccessStatusCode && response.StatusCode != context.AlsoExpected;
            if (!context.Streamed || (isError && request.Method != HttpMethod.Head))
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
    /// Translates a cancellation that is not the caller's into the failure behind it. The framework also reports a connection timeout as a
    /// cancellation, with a TimeoutException inside.
    /// </summary>
    private HttpRequestException NoAnswer(OperationCanceledException e, IdleLimit limit)
    {
        if (limit.Token.IsCancellationRequested)
        {
            var message = $"no complete response within {limit.Timeout.TotalSeconds:0.###} s";
            return new HttpRequestException(HttpRequestError.Unknown, message, e);
        }
        return e.InnerException is TimeoutException
            ? new HttpRequestException(
                HttpRequestError.ConnectionError, $"no connection within {options.ConnectTimeout.TotalSeconds:0.###} s", e)
            : new HttpRequestException(HttpRequestError.Unknown, $"the request was aborted: {e.Message}", e);
    }
}
