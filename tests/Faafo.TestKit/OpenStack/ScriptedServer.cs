using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faafo.TestKit.OpenStack;

/// <summary>
/// A server of bare bytes, for what no proper server does: it reads the head of each request, writes what it is told and then is silent.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _received = new(0);
    private readonly ConcurrentQueue<string> _answers = new();
    private readonly ConcurrentQueue<TcpClient> _clients = new();
    private readonly Task _serving;

    public ScriptedServer(params string[] answers)
    {
        Array.ForEach(answers, _answers.Enqueue);
        _listener.Start();
        Url = $"http://{_listener.LocalEndpoint}";
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Closes each connection after what is written, instead of keeping it open.</summary>
    public bool Closes { get; init; }

    /// <summary>Ends when the head of one more request has come and its answer was written.</summary>
    public Task ReceivedAsync(CancellationToken cancellationToken) => _received.WaitAsync(cancellationToken);

    /// <summary>Writes more on the newest connection.</summary>
    public Task WriteAsync(string text, CancellationToken cancellationToken) =>
        _clients.Last().GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _listener.Dispose();
        _received.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Enqueue(client);
                var stream = client.GetStream();
                await ReadHeadAsync(stream);
                if (_answers.TryDequeue(out var answer))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
                }

                if (Closes)
                {
                    client.Close();
                }

                _received.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private async Task ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Append((char)one[0]);
        }
    }
}
