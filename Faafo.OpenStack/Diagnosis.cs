using System.Globalization;
using System.Net;
using Faafo.OpenStack.Compute;

namespace Faafo.OpenStack;

/// <summary>Checks the login and the services, and continues after a failure.</summary>
internal sealed class Diagnosis(CloudSession session)
{
    private const string NotInCatalog = "not in the catalog";
    private static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(30);

    public async Task<CloudDiagnosis> RunAsync(IReadOnlyList<ServiceClient> clients, CancellationToken cancellationToken)
    {
        var config = session.Config;
        var report = new CloudDiagnosis
        {
            Cloud = config.Name,
            File = config.File,
            AuthUrl = config.AuthUrl,
            AuthType = config.Credential.AuthType,
            Region = config.RegionName,
        };
        AuthToken token;
        try
        {
            token = await session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OpenStackException e)
        {
            return report with { Problems = [e.Message] };
        }
        var checks = clients.Select(client => CheckAsync(client, token.Catalog, cancellationToken));
        var services = await Task.WhenAll(checks).ConfigureAwait(false);
        var problems = services.Where(service => service.Problem is not null and not NotInCatalog).Select(ProblemOf).ToList();
        if (config.RegionName is null && token.Catalog.Regions.Count > 1)
        {
            var several = ServiceCatalog.SeveralRegions(token.Catalog.Regions);
            problems.RemoveAll(problem => problem.EndsWith(several, StringComparison.Ordinal));
            problems.Insert(0, several);
        }
        problems.AddRange(token.Catalog.Unreadable.Select(
            entry => $"the catalog has an unreadable entry: {entry}; have the cloud's operator correct it"));
        if (token.Catalog.Services.Count == 0)
        {
            problems.Add("the token has no catalog: set a project");
        }
        if (config.RegionName is { } region && !token.Catalog.Regions.Contains(region))
        {
            problems.Add($"the catalog has no region '{region}', only: {string.Join(", ", token.Catalog.Regions)}");
        }
        if (token.ClockSkew?.Duration() > LargestSkew)
        {
            var seconds = token.ClockSkew.Value.Duration().TotalSeconds;
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"the local clock and Keystone's differ by {seconds:0} s: set the local clock"));
        }
        return report with
        {
            User = token.User?.Name,
            Scope = ScopeOf(token),
            Roles = [.. token.Roles.Select(role => role.Name ?? "")],
            TokenExpiresAt = token.ExpiresAt,
            ClockSkew = token.ClockSkew,
            Regions = token.Catalog.Regions,
            Services = services,
            Problems = problems,
        };
    }

    private static string ProblemOf(ServiceDiagnosis service) => service.Problem!.StartsWith(service.Type + ": ", StringComparison.Ordinal)
        ? service.Problem : $"{service.Type}: {service.Problem}";

    private static string ScopeOf(AuthToken token)
    {
        if (token.Project is { } project)
        {
            return $"project {project.Name}";
        }
        return token.Domain is { } domain ? $"domain {domain.Name}" : "no project or domain";
    }

    // The smallest read that every role may do, for services without a version document at the address that the catalog has.
    private static string? ProbeOf(ServiceType type) => type.Name switch
    {
        "compute" => "/flavors?limit=1",
        "network" => "/networks?limit=1",
        "image" => "/images?limit=1",
        "object-store" => "?limit=1&format=json",
        "block-storage" => "/volumes/detail?limit=1",
        "orchestration" => "/stacks?limit=1",
        "load-balancer" => "/lbaas/loadbalancers?limit=1",
        _ => null,
    };

    private static async Task ProbeAsync(ServiceClient client, Uri endpoint, string probe, CancellationToken cancellationToken)
    {
        try
        {
            await client.RunAsync(HttpMethod.Get, probe, null, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException) when (client.Service == ServiceType.ObjectStore)
        {
            // Swift creates the account of a project with its first container.
        }
        catch (OpenStackApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new OpenStackException(
                $"{client.Service.Name}: {endpoint} has no version document and answers 404: check the address in the catalog, or set "
                + $"{client.Service.SettingPrefixes.First()}_endpoint_override in clouds.yaml",
                e);
        }
    }

    private static async Task<ServiceDiagnosis> CheckAsync(
        ServiceClient client, ServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var type = client.Service;
        Uri? endpoint = null;
        try
        {
            endpoint = await client.Session.GetEndpointAsync(type, cancellationToken).ConfigureAwait(false);
            var version = type == ServiceType.ObjectStore ? null : await client.Versions.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (version is null && ProbeOf(type) is { } probe)
            {
                await ProbeAsync(client, endpoint, probe, cancellationToken).ConfigureAwait(false);
            }
            if (type == ServiceType.Compute)
            {
                await client.Versions.RequireAsync(ComputeService.TagsVersion, "finding servers by tag", cancellationToken)
                    .ConfigureAwait(false);
            }
            var microversion = await client.Versions.MicroversionAsync(cancellationToken).ConfigureAwait(false);
            var range = version?.MaxMicroversion is { } max ? $" {version.MinMicroversion} to {max}" : "";
            var used = microversion is null ? "" : $", using {microversion}";
            return new ServiceDiagnosis(type.Name, endpoint, version is null ? null : $"{version.Id}{range}{used}", microversion, null);
        }
        catch (EndpointNotFoundException) when (!catalog.Has(type))
        {
            return new ServiceDiagnosis(type.Name, null, null, null, NotInCatalog);
        }
        catch (OpenStackException e)
        {
            return new ServiceDiagnosis(type.Name, endpoint, null, null, e.Message);
        }
    }
}
