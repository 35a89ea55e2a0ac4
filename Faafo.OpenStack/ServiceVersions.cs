using System.Net;
using System.Text.Json;

namespace Faafo.OpenStack;

/// <summary>Reads the version document of a service and negotiates the microversion of its requests.</summary>
/// <param name="session">The session.</param>
/// <param name="service">The service.</param>
/// <param name="maxMicroversion">The highest microversion that this library knows; <c>null</c> if it uses none of the service.</param>
internal sealed class ServiceVersions(CloudSession session, ServiceType service, string? maxMicroversion)
{
    private readonly Lock _lock = new();
    private Task<string?>? _microversion;

    private string Setting => $"{service.Name.Replace('-', '_')}_default_microversion";

    /// <summary>
    /// Gets the microversion of requests: the configured one, or the highest that both sides support; <c>null</c> for none.
    /// </summary>
    public async Task<string?> MicroversionAsync(CancellationToken cancellationToken)
    {
        if (session.Config.ServiceSettings(service).DefaultMicroversion is { } configured)
        {
            return configured;
        }
        if (maxMicroversion is null)
        {
            return null;
        }
        Task<string?> negotiation;
        lock (_lock)
        {
            if (_microversion is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _microversion = NegotiateAsync(maxMicroversion);
            }
            negotiation = _microversion;
        }
        return await negotiation.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that requests carry a microversion that is late enough for a feature.</summary>
    /// <param name="required">The first microversion with the feature.</param>
    /// <param name="purpose">The feature, as the subject of "needs microversion".</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="MicroversionException">They carry an earlier one, or none.</exception>
    public async Task RequireAsync(Version required, string purpose, CancellationToken cancellationToken)
    {
        var actual = await MicroversionAsync(cancellationToken).ConfigureAwait(false);
        if (ApiVersion.Includes(actual, required))
        {
            return;
        }
        var isConfigured = session.Config.ServiceSettings(service).DefaultMicroversion is not null;
        throw new MicroversionException(service, purpose, required, actual, (isConfigured, actual) switch
        {
            (true, _) => $"{Setting} is {actual}: raise or remove it in clouds.yaml",
            (false, null) => $"the cloud {session.Config.Name} shows none in a version document: if it supports {required} nevertheless, "
                + $"set {Setting} in clouds.yaml",
            _ => $"the cloud {session.Config.Name} supports {actual} at most: choose a newer cloud",
        });
    }

    /// <summary>
    /// Reads the service's version document, at the part of its address that ends in the version; <c>null</c> if there is none. Any other
    /// failure may be temporary and does not count as "none".
    /// </summary>
    /// <exception cref="VersionDocumentException">It could not be read.</exception>
    public async Task<ApiVersion?> ReadAsync(CancellationToken cancellationToken)
    {
        var endpoint = await session.GetEndpointAsync(service, cancellationToken).ConfigureAwait(false);
        var token = await session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        if (EndpointVersion.DocumentOf(endpoint, token.Project?.Id) is not var (root, version))
        {
            return null;
        }
        try
        {
            var versions = await ReadVersionsAsync(root, cancellationToken).ConfigureAwait(false);
            return versions.FirstOrDefault(one => one.Id == version) ?? versions[0];
        }
        catch (OpenStackApiException e) when (e.Service == service && ShowsNone(e.Status))
        {
            return null; // Many clouds hide version documents, but their services work.
        }
        catch (JsonException e) when (maxMicroversion is null && e.LineNumber is null)
        {
            return null; // Valid JSON, but not a version document: Neutron lists its resources there.
        }
        catch (Exception e) when (e is JsonException or OpenStackApiException and not UnauthorizedException)
        {
            throw new VersionDocumentException(service, root, Setting, e);
        }
    }

    // If the microversion decides what a request means, only 404 counts as "there is none".
    private bool ShowsNone(HttpStatusCode status) =>
        status == HttpStatusCode.NotFound || (maxMicroversion is null && (int)status is 400 or 403 or 405 or 410);

    /// <summary>Reads a version document, without a token if possible: some clouds require one.</summary>
    private async Task<IReadOnlyList<ApiVersion>> ReadVersionsAsync(Uri root, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ReadVersionsAsync(service, root, true, cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedException)
        {
            return await session.ReadVersionsAsync(service, root, false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> NegotiateAsync(string max)
    {
        var offered = (await ReadAsync(CancellationToken.None).ConfigureAwait(false))?.MaxMicroversion;
        if (offered is null)
        {
            return null;
        }
        return ApiVersion.Parse(offered) < ApiVersion.Parse(max) ? offered : max;
    }
}
