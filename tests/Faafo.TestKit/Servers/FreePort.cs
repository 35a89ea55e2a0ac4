using System.Net;
using System.Net.Sockets;

namespace Faafo.TestKit.Servers;

/// <summary>
/// Ports for the servers of this run. They lie below the system's range for outgoing connections, so no such connection takes a port
/// between the check that it is free and the start of the server.
/// </summary>
internal static class FreePort
{
    private const int First = 15_000;
    private const int Count = 15_000;

    // Two runs on one host begin at different ports.
    private static int _next = new Random().Next(Count);

    /// <summary>Finds a free port of 127.0.0.1, never the same twice.</summary>
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
                // It is in use: try the next one.
            }
        }
    }
}
