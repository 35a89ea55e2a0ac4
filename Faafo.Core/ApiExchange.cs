using System.Net;
using System.Text.Json;

namespace Faafo;

/// <summary>
/// One request and its answer under one limit of time, from the first byte that is sent to the last one that is read. Whatever goes wrong
/// is a <see cref="FaafoApiException"/>, unless the caller has cancelled.
/// </summary>
internal sealed class ApiExchange(HttpClient http, TimeSpan timeout)
{
    /// <summary>Most bytes of an answer that is held in memory; a list of a thousand nodes at full work stays below it.</summary>
    public const int LongestBody = 64 << 20;

    private const int LongestProblem = 1 << 20;

    /// <summary>The API's address.</summary>
    public Uri Endpoint => http.BaseAddress!;

    /// <summary>Sends a request and reads its answer, which has a status of success.</summary>
    /// <param name="resource">The uuid or name that the request is about: an answer about another one does not count.</param>
    /// <param name="read">Takes the answer over, and disposes of it.</param>
    /// <param name="longer">What a large body adds to the limit.</param>
    /// <exception cref="FaafoApiException">Refused, unreachable, too late, too long, or not the answer of an API.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, string? resource,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken, TimeSpan longer = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var exchange = ExchangeAsync(method, path, body, resource, read, limit.Token);
            if (!exchange.IsCompleted)      // a handler that blocks has a limit of its own, and its process needs no thread for a timer
            {
                limit.CancelAfter(timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + longer);
            }
            return await exchange;
        }
        catch (Exception e) when (e is not FaafoApiException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested ? TimedOut() : Failed(e);
        }
    }

    /// <summary>Reads the whole body of an answer, which ends with it.</summary>
    /// <exception cref="FaafoApiException">It is not what was expected.</exception>
    public async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<byte[], T?> parse, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await BytesAsync(response, LongestBody, cancellationToken);
            try
            {
                return parse(body) ?? throw new JsonException("its answer is null");
            }
            catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException or FormatException)
            {
                throw Foreign(response, $": {e.Message}", e);
            }
        }
    }

    /// <summary>Takes an answer that has nothing to say but its status.</summary>
    /// <exception cref="FaafoApiException">It is another one than 204.</exception>
    public bool ReadNothing(HttpResponseMessage response)
    {
        using (response)
        {
            return response.StatusCode == HttpStatusCode.NoContent ? true : throw Foreign(response, " instead of 204 No Content");
        }
    }

    /// <summary>An answer that no API of Faafo gives to such a request.</summary>
    public FaafoApiException Foreign(HttpResponseMessage response, string what, Exception? inner = null) => new((int)response.StatusCode,
        $"{Endpoint} answered {(int)response.StatusCode} {response.ReasonPhrase}{what}: "
        + "this is not a Faafo API, or a proxy without a route to one", inner);

    /// <summary>No answer in time.</summary>
    public FaafoApiException TimedOut() =>
        FaafoApiException.Unreachable(Endpoint, new TimeoutException($"no answer within {timeout.TotalSeconds:0.###} s"));

    private async Task<T> ExchangeAsync<T>(HttpMethod method, string path, HttpContent? body, string? resource,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        try
        {
            return response.IsSuccessStatusCode ? await read(response, stop) : throw await RefusalAsync(response, resource, stop);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Only the API's own document is its word: a status code alone may be that of anything between here and there.
    private async Task<FaafoApiException> RefusalAsync(HttpResponseMessage response, string? resource, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var problem = await ProblemAsync(response, stop);
        var isOwn = problem is { IsOwn: true } && problem.Status == status
            && response.Content.Headers.ContentType?.MediaType == Problem.MediaType
            && (problem.Resource is null
                ? status is not (404 or 409)
                : problem.Resource.Equals(resource, StringComparison.OrdinalIgnoreCase));
        if (isOwn && problem!.Detail is { } own)
        {
            return new FaafoApiException(status, own, null) { Type = problem.Type };
        }
        var detail = problem?.Detail is { Length: > 0 } said ? $" ({said})" : "";
        return status is 408 or 429 or >= 500
            ? new FaafoApiException(status, $"{Endpoint} answered {status} {response.ReasonPhrase}{detail}", null)
            : Foreign(response, detail);
    }

    private static async Task<Problem?> ProblemAsync(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            return JsonSerializer.Deserialize(await BytesAsync(response, LongestProblem, stop), FaafoJson.Default.Problem);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return null;        // not one of our own errors, a proxy's for instance
        }
    }

    private static async Task<byte[]> BytesAsync(HttpResponseMessage response, int most, CancellationToken stop)
    {
        await response.Content.LoadIntoBufferAsync(most, stop);
        return await response.Content.ReadAsByteArrayAsync(stop);
    }

    private FaafoApiException Failed(Exception e) =>
        e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        ? new FaafoApiException(0, $"{Endpoint} answered with more than {LongestBody >> 20} MiB: this is not a Faafo API", e)
        : FaafoApiException.Unreachable(Endpoint, e);
}
