using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faafo.TestKit;

/// <summary>
/// A server of raw bytes, for responses that no proper server sends: it reads the head of one request on each connection, writes what the
/// test gives it, and keeps the connection open until it is disposed of.
/// </summary>
public sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<TcpClient> _clients = new();
    private readonly SemaphoreSlim _received = new(0);
    private readonly bool _closes;
    private readonly Task _serving;

    /// <param name="answer">Writes the response to each request; null to accept no connection at all.</param>
    public RawServer(Func<Stream, CancellationToken, Task>? answer)
        : this(answer, closes: false)
    {
    }

    private RawServer(Func<Stream, CancellationToken, Task>? answer, bool closes)
    {
        _closes = closes;
        _listener.Start();
        Endpoint = new Uri($"http://{_listener.LocalEndpoint}");
        _serving = answer is null ? Task.CompletedTask : ServeAsync(answer);
    }

    public Uri Endpoint { get; }

    /// <summary>Sends some bytes to each request, and then nothing.</summary>
    public static RawServer Saying(string text) => new((stream, stop) => WriteAsync(stream, text, stop));

    /// <summary>Sends some bytes to each request, and closes the connection.</summary>
    public static RawServer Closing(string text) => new((stream, stop) => WriteAsync(stream, text, stop), closes: true);

    /// <summary>Sends one text to each request, and nothing when there are no more.</summary>
    public static RawServer Scripted(params string[] texts)
    {
        var remaining = new ConcurrentQueue<string>(texts);
        return new RawServer((stream, stop) => remaining.TryDequeue(out var text) ? WriteAsync(stream, text, stop) : Task.CompletedTask);
    }

    /// <summary>Sends the beginning of a response, and then a byte at a time without end, each well within any idle limit.</summary>
    public static RawServer Trickling(string head) => new(async (stream, stop) =>
    {
        await WriteAsync(stream, head, stop);
        while (true)
        {
            await stream.WriteAsync("  "u8.ToArray(), stop);
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    });

    /// <summary>Waits until one more request was received and its response written.</summary>
    public Task ReceivedAsync(CancellationToken cancellationToken) => _received.WaitAsync(cancellationToken);

    /// <summary>Writes more bytes to the newest connection.</summary>
    public Task WriteAsync(string text, CancellationToken cancellationToken) =>
        WriteAsync(_clients.Last().GetStream(), text, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        foreach (var client in _clients)
        {
            client.Dispose();
        }
        _received.Dispose();
        _stop.Dispose();
    }

    private static Task WriteAsync(Stream stream, string text, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken).AsTask();

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> answer)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Enqueue(client);
                connections.Add(AnswerAsync(client, answer));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException
            or InvalidOperationException or SocketException)
        {
            // The test is over, and the listener may have been closed between two connections.
        }
        await Task.WhenAll(connections);
    }

    private async Task AnswerAsync(TcpClient client, Func<Stream, CancellationToken, Task> answer)
    {
        try
        {
            await ReadHeadAsync(client.GetStream());
            await answer(client.GetStream(), _stop.Token);
            if (_closes)
            {
                client.Close();
            }
            _received.Release();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has given up, or the test is over.
        }
    }

    private async Task ReadHeadAsync(NetworkStream stream)
    {
        var end = "\r\n\r\n"u8.ToArray();
        var last = new byte[end.Length];
        var next = new byte[1];
        while (!last.AsSpan().SequenceEqual(end) && await stream.ReadAsync(next, _stop.Token) > 0)
        {
            last.AsSpan(1).CopyTo(last);
            last[^1] = next[0];
        }
    }
}
