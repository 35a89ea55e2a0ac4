using System.Globalization;
using System.Text;
using Faafo.OpenStack.Compute;

namespace Faafo.OpenStack;

/// <summary>What a look at a cloud found. <c>ToString</c> is a report for people; no secret is in it.</summary>
public sealed record CloudDiagnosis
{
    /// <summary>The cloud's name.</summary>
    public required string Cloud { get; init; }

    /// <summary>The file that describes it; <c>null</c> when it comes from the environment or from code.</summary>
    public string? File { get; init; }

    /// <summary>The address of Keystone.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>The way of logging in.</summary>
    public required string AuthType { get; init; }

    /// <summary>The user's name, once logged in.</summary>
    public string? User { get; init; }

    /// <summary>What the token is good for.</summary>
    public string? Scope { get; init; }

    /// <summary>The roles in that scope.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>When the token ends.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>The local clock minus Keystone's, to about a second. Temporary URLs suffer when it is more than that.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>The region that endpoints are taken from; <c>null</c> for any.</summary>
    public string? Region { get; init; }

    /// <summary>The regions in the catalog.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The services that this library speaks to.</summary>
    public IReadOnlyList<ServiceDiagnosis> Services { get; init; } = [];

    /// <summary>What is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("cloud", $"{Cloud} ({File ?? "not from a file"})");
        Line("keystone", $"{AuthUrl} by {AuthType}");
        Line("user", User is null ? "not logged in" : $"{User}, {Scope}, roles: {string.Join(", ", Roles)}");
        Line("token until", TokenExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? "-");
        Line("clock", ClockSkew is { } skew ? string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:+0.0;-0.0} s against Keystone's") : "-");
        Line("region", $"{Region ?? "any"} of: {string.Join(", ", Regions)}");
        foreach (var service in Services)
        {
            Line(service.Type, service.Problem ?? $"{service.Endpoint} {service.Versions}".TrimEnd());
        }

        text.AppendLine();
        text.Append(Problems.Count == 0 ? "No problem found." : string.Join('\n', Problems.Select(problem => "PROBLEM: " + problem)));
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-15}{value}\n");
    }
}

/// <summary>What a look at a service found.</summary>
/// <param name="Type">The type in the catalog.</param>
/// <param name="Endpoint">The address; <c>null</c> when there is none.</param>
/// <param name="Versions">The version and its microversions, if the service tells.</param>
/// <param name="Microversion">The microversion that this library uses, if any.</param>
/// <param name="Problem">What is wrong; <c>null</c> when the service answers.</param>
public sealed record ServiceDiagnosis(string Type, Uri? Endpoint, string? Versions, string? Microversion, string? Problem);

/// <summary>Looks at everything that a login and the services tell, and goes on when something is wrong.</summary>
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

        var services = await Task.WhenAll(clients.Select(client => LookAsync(client, token.Catalog, cancellationToken))).ConfigureAwait(false);
        var problems = services.Where(service => service.Problem is not null and not NotInCatalog)
            .Select(service => service.Problem!.StartsWith(service.Type + ": ", StringComparison.Ordinal)
                ? service.Problem : $"{service.Type}: {service.Problem}").ToList();
        if (token.Catalog.Services.Count == 0)
        {
            problems.Add("The token has no catalog: set a project.");
        }

        if (config.RegionName is { } region && !token.Catalog.Regions.Contains(region))
        {
            problems.Add($"The catalog has no region '{region}', only: {string.Join(", ", token.Catalog.Regions)}.");
        }

        if (token.ClockSkew?.Duration() > LargestSkew)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"The clocks differ by {token.ClockSkew.Value.Duration().TotalSeconds:0} s."));
        }

        return report with
        {
            User = token.User?.Name,
            Scope = token.Project is { } project ? $"project {project.Name}" : token.Domain is { } domain ? $"domain {domain.Name}" : "no project or domain",
            Roles = [.. token.Roles.Select(role => role.Name ?? "")],
            TokenExpiresAt = token.ExpiresAt,
            ClockSkew = token.ClockSkew,
            Regions = token.Catalog.Regions,
            Services = services,
            Problems = problems,
        };
    }

    private static async Task<ServiceDiagnosis> LookAsync(ServiceClient client, ServiceCatalog catalog, CancellationToken cancellationToken)
    {
        var type = client.Service;
        Uri? endpoint = null;
        try
        {
            endpoint = await client.Session.GetEndpointAsync(type, cancellationToken).ConfigureAwait(false);
            var version = type == ServiceType.ObjectStore ? null : await client.ReadVersionAsync(cancellationToken).ConfigureAwait(false);
            if (type == ServiceType.Compute)
            {
                await client.RequireMicroversionAsync(ComputeService.TagsVersion, "finding servers by tag", cancellationToken)
                    .ConfigureAwait(false);
            }

            var microversion = await client.MicroversionAsync(cancellationToken).ConfigureAwait(false);
            var range = version?.MaxMicroversion is { } max ? $" {version.MinMicroversion} to {max}" : "";
            return new ServiceDiagnosis(
                type.Name, endpoint, version is null ? null : $"{version.Id}{range}{(microversion is null ? "" : $", using {microversion}")}", microversion, null);
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
