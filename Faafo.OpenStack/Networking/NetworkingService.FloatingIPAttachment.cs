using System.Globalization;
using System.Net;

namespace Faafo.OpenStack.Networking;

public sealed partial class NetworkingService
{
    private const int TakeAttempts = 10;
    private static readonly TimeSpan RouterTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gives a server's port a floating address: the one it has, an unused one of the project's, or a new one. Any number of callers can
    /// do so at the same time through one client: they take turns in taking unused addresses, and a new one comes with its port in a single
    /// request, so that none is stolen and none is left over. Between programs an unused address is taken only if nobody has changed it
    /// since (If-Match on its revision), which Neutron checks not quite atomically.
    /// "PUT /floatingips/{id}", "POST /floatingips".
    /// </summary>
    /// <param name="serverId">The server, which must have a port by now.</param>
    /// <param name="externalNetworkId">The network to take an address from; <c>null</c> for the only external network.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<FloatingIP> AttachFloatingIPAsync(
        string serverId, string? externalNetworkId = null, CancellationToken cancellationToken = default) =>
        AttachFloatingIPAsync(serverId, externalNetworkId, null, cancellationToken);

    /// <summary>The same; an address that is new, and only a new one, gets a description, by which its maker knows it again.</summary>
    public async Task<FloatingIP> AttachFloatingIPAsync(
        string serverId, string? externalNetworkId, string? description, CancellationToken cancellationToken = default)
    {
        var port = await FirstPortAsync(serverId, cancellationToken).ConfigureAwait(false);
        return await AttachFloatingIPToPortAsync(port.Id, externalNetworkId, description, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives a port a floating address, as <see cref="AttachFloatingIPAsync(string, string?, CancellationToken)"/> does for a server.</summary>
    public Task<FloatingIP> AttachFloatingIPToPortAsync(
        string portId, string? externalNetworkId = null, CancellationToken cancellationToken = default) =>
        AttachFloatingIPToPortAsync(portId, externalNetworkId, null, cancellationToken);

    /// <summary>The same; an address that is new, and only a new one, gets a description, by which its maker knows it again.</summary>
    public async Task<FloatingIP> AttachFloatingIPToPortAsync(
        string portId, string? externalNetworkId, string? description, CancellationToken cancellationToken = default)
    {
        externalNetworkId ??= await OnlyExternalNetworkAsync(cancellationToken).ConfigureAwait(false);
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
    /// The port's own address, or an unused one. Neutron checks If-Match before it writes, and two requests at the same moment may both pass:
    /// callers of one client take turns, and programs that meet all the same find out by looking again.
    /// </summary>
    private async Task<FloatingIP?> FindOrTakeAsync(string externalNetworkId, string portId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= TakeAttempts; attempt++)
        {
            var all = new List<FloatingIP>();
            await foreach (var address in ListFloatingIPsAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                all.Add(address);
            }
            if (all.Find(address => address.PortId == portId) is { } own)
            {
                return own;
            }

            // Without a revision there is no safe way to take an unused address, so that a new one is allocated.
            var unused = all.FindAll(one => one.PortId is null && one.FloatingNetworkId == externalNetworkId && one.RevisionNumber is not null);
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

    /// <summary><c>null</c> when someone else was faster.</summary>
    private async Task<FloatingIP?> TryTakeAsync(FloatingIP unused, string portId, CancellationToken cancellationToken)
    {
        try
        {
            var revision = ("If-Match", string.Create(CultureInfo.InvariantCulture, $"revision_number={unused.RevisionNumber}"));
            using var response = await _client.SendAsync(
                HttpMethod.Put, $"/floatingips/{unused.Id}", PortBody(portId), cancellationToken, revision).ConfigureAwait(false);
            var now = await GetFloatingIPAsync(unused.Id, cancellationToken).ConfigureAwait(false);
            return now.PortId == portId ? now : null;
        }
        catch (OpenStackApiException e) when (e is NotFoundException or ConflictException)
        {
            return null; // 412: it was changed. 404: it was given back. 409: our port has got another meanwhile.
        }
    }

    private async Task<FloatingIP> AllocateForPortAsync(
        string externalNetworkId, string portId, string? description, CancellationToken cancellationToken)
    {
        try
        {
            // The router's interface may still be coming when servers and networks are made together.
            return await _client.Waiting.RetryAsync(
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
                return found; // The reply was lost, or another caller served the same port.
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
            if (port.FixedIps.Any(ip => ip.IpAddress?.Contains('.', StringComparison.Ordinal) == true))
            {
                return port;
            }
        }
        throw new OpenStackException($"Server {serverId} has no port with an IPv4 address; wait until it is ACTIVE.");
    }

    private async Task<string> OnlyExternalNetworkAsync(CancellationToken cancellationToken)
    {
        var found = new List<Network>();
        await foreach (var network in ListNetworksAsync(external: true, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            found.Add(network);
        }
        return found.Count == 1 ? found[0].Id : throw new OpenStackException(found.Count == 0
            ? "There is no external network to take floating addresses from."
            : $"There are several external networks, choose one: {string.Join(", ", found.Select(network => $"{network.Name} ({network.Id})"))}.");
    }
}
