using System.Net;
using System.Net.Sockets;

namespace Faafo.TestKit;

/// <summary>An address where connections are neither accepted nor refused, as behind a firewall that drops SYN packets.</summary>
public sealed class FullBacklog : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    private FullBacklog()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
    }

    public Uri Endpoint => new($"http://{_listener.LocalEndPoint}");

    /// <summary>Fills the queue of a listener that accepts nothing.</summary>
    public static async Task<FullBacklog> CreateAsync(CancellationToken cancellationToken)
    {
        var full = new FullBacklog();
        for (var isFull = false; !isFull;)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            full._waiting.Add(client);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromMilliseconds(500));
            try
            {
                await client.ConnectAsync(full._listener.LocalEndPoint!, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                isFull = true;
            }
        }
        return full;
    }

    public void Dispose()
    {
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
