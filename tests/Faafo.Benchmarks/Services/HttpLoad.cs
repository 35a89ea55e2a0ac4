using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Faafo.Benchmarks.Services;

/// <summary>
/// A load generator that uses little of the machine that it shares with the server: keep-alive connections with one request at a time each,
/// on plain sockets without an HTTP client.
/// </summary>
internal static class HttpLoad
{
    /// <summary>Creates a POST request with a JSON body.</summary>
    public static byte[] Post(string path, byte[] body)
    {
        const string fields = "Host: localhost\r\nContent-Type: application/json";
        return [.. Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\n{fields}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }

    /// <summary>Creates a GET request.</summary>
    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    /// <summary>Sends requests over a number of connections; returns the wall seconds, and the seconds of each request.</summary>
    /// <exception cref="InvalidOperationException">A response had another status than <paramref name="status"/>.</exception>
    public static (double Seconds, double[] Latencies) Run(IPEndPoint address, int connections, int status, byte[][] requests)
    {
        var latencies = new double[requests.Length];
        var expected = Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture));
        var next = -1;
        var sockets = Enumerable.Range(0, connections).Select(_ => Connect(address)).ToArray();
        var watch = Stopwatch.StartNew();
        Task.WhenAll(sockets.Select(socket => Task.Run(async () =>
        {
            var response = new byte[1 << 17];
            for (int n; (n = Interlocked.Increment(ref next)) < requests.Length;)
            {
                var started = Stopwatch.GetTimestamp();
                await socket.SendAsync(requests[n], SocketFlags.None);
                var length = 0;
                while (!IsWhole(response.AsSpan(0, length)))
                {
                    var read = await socket.ReceiveAsync(response.AsMemory(length), SocketFlags.None);
                    length += read > 0 ? read : throw new InvalidOperationException("the server closed the connection");
                }
                latencies[n] = Stopwatch.GetElapsedTime(started).TotalSeconds;
                if (!response.AsSpan(9, 3).SequenceEqual(expected))
                {
                    throw new InvalidOperationException(Encoding.UTF8.GetString(response, 0, length));
                }
            }
        }))).GetAwaiter().GetResult();
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
        return (seconds, latencies);
    }

    private static Socket Connect(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        return socket;
    }

    // A response ends after Content-Length bytes, or with the empty chunk (RFC 9112, sections 6.2 and 7.1).
    private static bool IsWhole(ReadOnlySpan<byte> response)
    {
        var head = response.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }
        var field = response[..head].IndexOf("Content-Length: "u8);
        if (field < 0)
        {
            return response.EndsWith("\r\n0\r\n\r\n"u8);
        }
        var digits = response[(field + 16)..];
        return response.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
