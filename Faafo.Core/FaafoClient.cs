using Faafo.Http;
using Refit;

namespace Faafo;

/// <summary>Connects to the API.</summary>
public static class FaafoClient
{
    /// <summary>The default address of the API, for servers and clients.</summary>
    public const string DefaultEndpoint = "http://127.0.0.1:8080";

    /// <summary>The default time limit of a request, from its first byte to the last byte of the response.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    /// <summary>Creates a client with at most <paramref name="connections"/> connections.</summary>
    public static IFaafoApi Connect(Uri endpoint, int connections = 16, TimeSpan? timeout = null) =>
        Connect(endpoint, HttpConnections.Create(connections), timeout ?? DefaultTimeout);

    /// <summary>Creates a client that sends its requests through a handler.</summary>
    public static IFaafoApi Connect(Uri endpoint, HttpMessageHandler handler, TimeSpan timeout)
    {
        var address = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/");
        var errors = new ApiErrorHandler(address, timeout, handler);
        // The handler limits the whole exchange; the timeout of HttpClient would end with the headers.
        var http = new HttpClient(errors) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        return RestService.ForGenerated<IFaafoApi>(http, new RefitSettings(new ApiSerializer())
        {
            // The handler throws all exceptions but those of a body that cannot be read.
            ExceptionFactory = _ => ValueTask.FromResult<Exception?>(null),
            TransportExceptionFactory = (_, exception, _) => exception,
            DeserializationExceptionFactory = (response, exception) => throw errors.Foreign(response, $": {exception.Message}", exception),
            // One array of bytes: it has a length and can be sent again.
            RequestBodySerialization = RequestBodySerializationMode.Buffered,
        });
    }
}
