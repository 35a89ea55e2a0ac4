using System.Globalization;
using System.Net;

namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    private const int TakeAttempts = 10;
    private static readonly TimeSpan RouterTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Associates a server's port with a floating IP: the one it has, an unused one of the project, or a new one. Concurrent callers of one
    /// client are safe: they take unused addresses one after another, and allocate a new one together with its port in a single request, so
    /// no address is taken from another caller or leaked. Between programs, an unused address is taken only if its revision has not changed
    /// (If-Match), a check that Neutron does not perform quite atomically.
    /// "PUT /floatingips/{id}", "POST /floatingips".
    /// </summary>
    /// <param name="serverId">The server, which must have a port already.</param>
    /// <param name="externalNetworkId">The external network; <c>null</c> as in <see cref="ChooseNetworkAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task<FloatingIP> AttachFloatingIPAsync(
        string serverId, string? externalNetworkId = null, CancellationToken cancellationToken = default) =>
        AttachFloatingIPAsync(serverId, externalNetworkId, null, cancellationToken);

    /// <summary>The same; a newly allocated address, and no other, gets a description that marks its owner.</summary>
    public virtual async Task<FloatingIP> AttachFloatingIPAsync(
        string serverId, string? externalNetworkId, string? description, CancellationToken cancellationToken = default)
    {
        PathSegment.Check(serverId); // Without an id the filter would match the ports of every server.
        var port = await FirstPortAsync(serverId, cancellationToken).ConfigureAwait(false);
        return await AttachFloatingIPToPortAsync(port.Id, externalNetworkId, description, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Associates a port with a floating IP, as <see cref="AttachFloatingIPAsync(string, string?, CancellationToken)"/> does for a server.
    /// </summary>
    public virtual Task<FloatingIP> AttachFloatingIPToPortAsync(
        string portId, string? externalNetworkId = null, CancellationToken cancellationToken = default) =>
        AttachFloatingIPToPortAsync(portId, externalNetworkId, null, cancellationToken);

    /// <summary>The same; a newly allocated address, and no other, gets a description that marks its owner.</summary>
    public virtual async Task<FloatingIP> AttachFloatingIPToPortAsync(
        string portId, string? externalNetworkId, string? description, CancellationToken cancellationToken = default)
    {
        PathSegment.Check(portId);
        externalNetworkId ??= (await ChooseNetworkAsync(null, external: true, cancellationToken).ConfigureAwait(false)).Id;
        await _takingTurns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindOrTakeAsync(externalNetworkId, portId, cancellationToken).ConfigureAwait(false) is { } taken)
            {
                return taken;
            }
        }
        finally
        {
            _takingTurns.Release();
        }
        return await AllocateForPortAsync(externalNetworkId, portId, description, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds the port's address, or takes an unused one. Neutron checks If-Match before it writes, so two requests at the same moment may
    /// both pass: callers of one client take turns, and concurrent programs detect the loss by reading the address again.
    /// </summary>
    private async Task<FloatingIP?> FindOrTakeAsync(string externalNetworkId, string portId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= TakeAttempts; attempt++)
        {
            var all = await ListFloatingIPsAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (all.Find(address => address.PortId == portId) is { } own)
            {
                return own;
            }

            // Without revisions, unused addresses cannot be taken safely: a new one is allocated.
            var unused = all.FindAll(
                one => one.PortId is null && one.FloatingNetworkId == externalNetworkId && one.RevisionNumber is not null);
            if (unused.Count == 0)
            {
                return null;
            }
            if (await TryTakeAsync(unused[Choose(unused.Count)], portId, cancellationToken).ConfigureAwait(false) is { } taken)
            {
                return taken;
            }
        }
        return null;
    }

    private int Choose(int count)
    {
        var random = _client.Session.Options.Random;
        lock (random)
        {
            return random.Next(count);
        }
    }

    /// <summary>Takes an unused address; <c>null</c> when another caller was faster.</summary>
    private async Task<FloatingIP?> TryTakeAsync(FloatingIP unused, string portId, CancellationToken cancellationToken)
    {
        try
        {
            var revision = ("If-Match", string.Create(CultureInfo.InvariantCulture, $"revision_number={unused.RevisionNumber}"));
            using var response = await _client.SendAsync(
                HttpMethod.Put, $"/floatingips/{PathSegment.Of(unused.Id)}", PortBody(portId), cancellationToken, revision)
                .ConfigureAwait(false);
            var now = await GetFloatingIPAsync(unused.Id, cancellationToken).ConfigureAwait(false);
            return now.PortId == portId ? now : null;
        }
        catch (OpenStackApiException e) when (e is NotFoundException or ConflictException)
        {
            return null; // 412: it was changed. 404: it was released. 409: the port has another address by now.
        }
    }

    private async Task<FloatingIP> AllocateForPortAsync(
        string externalNetworkId, string portId, string? description, CancellationToken cancellationToken)
    {
        try
        {
            // The router interface may not exist yet when servers and networks are created together.
            return await _client.Poller.RetryAsync(
                RouterTimeout,
                token => AllocateFloatingIPAsync(externalNetworkId, portId, description, token),
                e => e.ErrorType == "ExternalGatewayForFloatingIPNotFound",
                cancellationToken).ConfigureAwait(false);
        }
        catch (OpenStackException e) when (e is ConflictException or NoAnswerException or MalformedAnswerException
            || (e is OpenStackApiException api && api.Status >= HttpStatusCode.InternalServerError))
        {
            if (await OfPortAsync(portId, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found; // The response was lost, or another caller associated the same port.
            }
            throw;
        }
    }

    private async Task<FloatingIP?> OfPortAsync(string portId, CancellationToken cancellationToken)
    {
        await foreach (var address in ListFloatingIPsAsync(portId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            return address;
        }
        return null;
    }

    private async Task<Port> FirstPortAsync(string serverId, CancellationToken cancellationToken)
    {
        await foreach (var port in ListPortsAsync(deviceId: serverId, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (port.FixedIPs.Any(ip => ip.IpAddress?.Contains('.', StringComparison.Ordinal) == true))
            {
                return port;
            }
        }
        throw new OpenStackException($"server {serverId} has no port with an IPv4 address; wait until it is ACTIVE");
    }
}
