using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faafo.TestKit;

/// <summary>A server that answers each request byte for byte as a test says, and keeps the connection open until it is disposed of.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">Writes an answer to a request that has come; nothing at all if null.</param>
    public RawServer(Func<Stream, CancellationToken, Task>? answer)
    {
        _listener.Start();
        Endpoint = new Uri($"http://{_listener.LocalEndpoint}");
        _serving = answer is null ? Task.CompletedTask : ServeAsync(answer);
    }

    public Uri Endpoint { get; }

    /// <summary>One that sends some bytes and then nothing.</summary>
    public static RawServer Saying(string text) => new((stream, stop) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), stop).AsTask());

    /// <summary>One that sends the beginning of an answer, and then a byte at a time without end, each well within any limit.</summary>
    public static RawServer Trickling(string head) => new(async (stream, stop) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), stop);
        while (true)
        {
            await stream.WriteAsync("  "u8.ToArray(), stop);
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync(Func<Stream, CancellationToken, Task> answer)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task TalkAsync(TcpClient client, Func<Stream, CancellationToken, Task> answer)
    {
        using (client)
        {
            try
            {
                _ = await client.GetStream().ReadAsync(new byte[1 << 16], _stop.Token);
                await answer(client.GetStream(), _stop.Token);
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client has given up, or the test is over.
            }
        }
    }
}
