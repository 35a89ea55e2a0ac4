using System.Net;
using System.Net.Sockets;

namespace Faafo.TestKit.Servers;

/// <summary>
/// Ports for servers of this run. They lie below the range from which the system takes ports for outgoing connections, so that none of
/// those is on a port between the moment it was found free and the moment the server listens.
/// </summary>
internal static class FreePort
{
    private const int First = 15_000;
    private const int Count = 15_000;

    private static int _next = Random.Shared.Next(Count);

    /// <summary>A port of 127.0.0.1 that nobody listens on, never the same twice.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + Interlocked.Increment(ref _next) % Count;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
