using System.Net;
using System.Net.Sockets;
using Faafo.Options;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>Checks of this host before the first instance starts.</summary>
internal static class HostCheck
{
    /// <summary>Checks that the flock's port is free, or in use by this flock.</summary>
    /// <exception cref="FailureException">It is not.</exception>
    public static void RequirePort(LocalSettings settings)
    {
        if (new InstanceDirectory(settings.StateDir).FindEndpoint() is { } running)
        {
            if (running != settings.Endpoint)
            {
                throw new FailureException($"the API of {settings.StateDir} listens on {running} already: "
                    + "leave --port out, or run down first");
            }
            return;
        }
        var port = settings.Endpoint.Port;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new FailureException($"port {port} cannot be used ({e.Message}): choose another --port", e);
        }
    }

    /// <summary>Checks that HAProxy is installed and can have the flock's port, where the flock wants it.</summary>
    /// <exception cref="FailureException">It is not, or cannot.</exception>
    public static void RequireBalancer(LocalSettings settings)
    {
        if (settings.Flock.Balancing != Balancing.HAProxy)
        {
            return;
        }
        ProgramPaths.FindHAProxy();
        var records = new InstanceDirectory(settings.StateDir);
        if (records.FindEndpoint() is { } running && !records.HasBalancer())
        {
            throw new FailureException($"the API of {settings.StateDir} listens on port {running.Port} itself, which HAProxy needs: "
                + "run 'faafo-scaler down' first");
        }
    }
}
