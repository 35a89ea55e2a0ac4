using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faafo.Cli;

/// <summary>
/// Sends the first request of a command over a socket of its own that blocks the calling thread, and all others the usual way. Most
/// commands have one request, and the usual way starts three threads for it, which cost more than the request itself.
/// </summary>
/// <remarks>
/// HTTP/1.0 (RFC 1945), so that the answer ends where the server closes the connection. A server that wants another version or names
/// another address is asked again the usual way; TLS goes the usual way at once.
/// </remarks>
/// <param name="usual">Makes the handler of all others.</param>
/// <param name="patience">How long the first request may take, to the last byte of its answer.</param>
/// <param name="resolve">Gives the addresses of a name, one or more: <see cref="Dns.GetHostAddressesAsync(string)"/>.</param>
internal sealed class FirstRequest(Func<HttpMessageHandler> usual, TimeSpan patience, Func<string, Task<IPAddress[]>> resolve) : HttpMessageHandler
{
    // The client has the same limit for all others.
    private const int LongestAnswer = 64 << 20;

    private readonly Lazy<HttpMessageInvoker> _usual = new(() => new HttpMessageInvoker(usual()));
    private bool _isSent;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!Interlocked.Exchange(ref _isSent, true) && request.RequestUri!.Scheme == Uri.UriSchemeHttp)
        {
            var host = request.RequestUri.IdnHost;
            var response = Exchange(request, IPAddress.TryParse(host, out var literal) ? [literal] : await LookUpAsync(host, cancellationToken), cancellationToken);
            if ((int)response.StatusCode is not ((>= 300 and < 400) or 426 or 505))     // moved, another version wanted, version unknown
            {
                return response;
            }
        }
        return await _usual.Value.SendAsync(request, cancellationToken);
    }

    // In another thread, and with a wait of its own: the system goes on waiting for a name server that is silent, whatever a token says.
    private async Task<IPAddress[]> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await resolve(name).WaitAsync(cancellationToken);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private HttpResponseMessage Exchange(HttpRequestMessage request, IPAddress[] addresses, CancellationToken cancellationToken)
    {
        try
        {
            var started = Stopwatch.GetTimestamp();
            using var socket = Connect(addresses, request.RequestUri!.Port, cancellationToken);
            using var stop = cancellationToken.UnsafeRegister(Close, socket);
            Send(socket, request);
            return Answer(request, Receive(socket, started));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The socket's own message names the address once more.
            throw new HttpRequestException(e.Message, e is SocketException failed ? new SocketException(failed.ErrorCode) : e);
        }
    }

    /// <summary>Tries the addresses of the host one after the other: a name such as localhost has two, and few servers listen at both.</summary>
    private Socket Connect(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            Socket? socket = null;
            try
            {
                socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.SendTimeout = (int)patience.TotalMilliseconds;
                if (OperatingSystem.IsLinux())
                {
                    const int protocol = 6, retries = 7;        // IPPROTO_TCP, TCP_SYNCNT: tcp(7)
                    socket.SetRawSocketOption(protocol, retries, BitConverter.GetBytes(4));      // given up after 1 + 2 + 4 + 8 + 16 seconds
                }
                using var stop = cancellationToken.UnsafeRegister(Close, socket);
                socket.Connect(addresses[i], port);
                return socket;
            }
            catch (Exception e)
            {
                socket?.Dispose();
                if (e is not SocketException || i + 1 == addresses.Length || cancellationToken.IsCancellationRequested)
                {
                    throw;
                }
            }
        }
    }

    // What ends the wait of a thread that has no time to look at a token.
    private static void Close(object? socket) => ((Socket)socket!).Dispose();

    private static void Send(Socket socket, HttpRequestMessage request)
    {
        var body = new MemoryStream();
        request.Content?.CopyTo(body, null, CancellationToken.None);
        var head = new StringBuilder($"{request.Method} {request.RequestUri!.PathAndQuery} HTTP/1.0\r\nHost: {request.RequestUri.Authority}\r\n");
        Append(request.Headers.NonValidated);
        if (request.Content is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
            Append(request.Content.Headers.NonValidated);
        }
        var message = (ReadOnlySpan<byte>)[.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body.GetBuffer().AsSpan(0, (int)body.Length)];
        while (message.Length > 0)
        {
            message = message[socket.Send(message)..];
        }

        void Append(System.Net.Http.Headers.HttpHeadersNonValidated headers)
        {
            foreach (var (name, values) in headers)
            {
                head.Append(CultureInfo.InvariantCulture, $"{name}: {values}\r\n");
            }
        }
    }

    private ArraySegment<byte> Receive(Socket socket, long started)
    {
        var (answer, length) = (new byte[4096], 0);
        try
        {
            for (int read; (read = ReceiveSome()) > 0;)
            {
                length += read;
                if (length > LongestAnswer)
                {
                    throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded);
                }
                if (length == answer.Length)
                {
                    Array.Resize(ref answer, 2 * length);
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            throw new HttpRequestException(null, new TimeoutException($"no answer within {patience.TotalSeconds:0} s", e));
        }
        return new ArraySegment<byte>(answer, 0, length);

        // The rest of the time limit, since a server that sends a byte now and then has not answered.
        int ReceiveSome()
        {
            var left = patience - Stopwatch.GetElapsedTime(started);
            socket.ReceiveTimeout = left > TimeSpan.Zero
                ? Math.Max(1, (int)left.TotalMilliseconds)
                : throw new SocketException((int)SocketError.TimedOut);
            return socket.Receive(answer.AsSpan(length));
        }
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, ArraySegment<byte> answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = end < 0 ? [] : Encoding.Latin1.GetString(answer.AsSpan(0, end)).Split("\r\n");
        if (lines is not [{ Length: >= 12 } status, .. var headers] || !status.StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new HttpRequestException(answer.Count == 0 ? "the connection was closed without an answer" : "the answer is not HTTP");
        }
        var body = answer[(end + 4)..];
        var response = new HttpResponseMessage((HttpStatusCode)code)
        {
            ReasonPhrase = status.Length > 13 ? status[13..] : null,
            RequestMessage = request,
            Content = new ByteArrayContent(body.Array!, body.Offset, body.Count),
        };
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (header, "") : (header[..colon], header[(colon + 1)..].Trim());
            _ = response.Headers.TryAddWithoutValidation(name, value) || response.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return response.Content.Headers.ContentLength is { } length && length > body.Count
            ? throw new HttpRequestException($"the answer broke off after {body.Count} of {length} bytes")
            : response;
    }
}
