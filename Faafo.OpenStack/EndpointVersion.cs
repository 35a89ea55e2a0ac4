using System.Text.RegularExpressions;

namespace Faafo.OpenStack;

/// <summary>
/// Finds the version in the address of a service, and completes an address without one: catalogs list both. Behind the version stands at
/// most the project.
/// </summary>
internal static partial class EndpointVersion
{
    /// <summary>Completes an address by the version, and by the project for services that need it.</summary>
    /// <param name="endpoint">The address in the catalog or in the configuration.</param>
    /// <param name="service">The service.</param>
    /// <param name="projectId">The project of the token, if any.</param>
    public static Uri Complete(Uri endpoint, ServiceType service, string? projectId)
    {
        var parts = Split(endpoint);
        if (service.VersionPath.Length == 0)
        {
            return At(endpoint, parts);
        }
        var index = IndexOf(parts, projectId);
        if (index < 0)
        {
            parts = [.. parts, service.VersionPath[1..]];
            index = parts.Length - 1;
        }
        else if (!service.Majors.Contains(MajorOf(parts[index])))
        {
            parts[index] = service.VersionPath[1..]; // A removed version, such as Glance's v1: the next one has the same root.
        }
        if (service.HasProjectInPath && index == parts.Length - 1 && projectId is not null)
        {
            parts = [.. parts, Uri.EscapeDataString(projectId)];
        }
        return At(endpoint, parts);
    }

    /// <summary>Finds the address of the version document, which ends in the version; <c>null</c> if the address has none.</summary>
    public static (Uri Root, string Version)? DocumentOf(Uri endpoint, string? projectId)
    {
        var parts = Split(endpoint);
        var index = IndexOf(parts, projectId);
        return index < 0 ? null : (new Uri(At(endpoint, parts[..(index + 1)]).AbsoluteUri + "/"), parts[index]);
    }

    /// <summary>
    /// Finds the address of a version from the root document that lists it, as keystoneauth does (discover.py, _combine_relative_url): a
    /// service behind a proxy may name a host or a path that only it sees, so our own host and prefix stay.
    /// </summary>
    /// <param name="root">The address of the document.</param>
    /// <param name="self">The address that it gives for the version, if any.</param>
    /// <param name="version">The version to append if the address does not end in one.</param>
    public static Uri Combine(Uri root, Uri? self, string version)
    {
        var prefix = root.AbsolutePath.TrimEnd('/');
        var path = self?.AbsolutePath.TrimEnd('/') ?? "";
        var last = path[(path.LastIndexOf('/') + 1)..];
        var isOurs = self?.Authority == root.Authority && path.StartsWith(prefix + "/", StringComparison.Ordinal);
        var chosen = isOurs ? path : $"{prefix}/{(Segment().IsMatch(last) ? last : version)}";
        return new Uri(root.GetLeftPart(UriPartial.Authority) + chosen);
    }

    private static int IndexOf(string[] parts, string? projectId)
    {
        if (parts.Length == 0)
        {
            return -1;
        }
        if (Segment().IsMatch(parts[^1]))
        {
            return parts.Length - 1;
        }
        var isProject = parts[^1] == projectId || Guid.TryParse(parts[^1], out _);
        return isProject && parts.Length > 1 && Segment().IsMatch(parts[^2]) ? parts.Length - 2 : -1;
    }

    private static string MajorOf(string version) => version.Split('.')[0][1..];

    private static string[] Split(Uri endpoint) => endpoint.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static Uri At(Uri endpoint, string[] parts) =>
        new(endpoint.GetLeftPart(UriPartial.Authority) + string.Concat(parts.Select(part => "/" + part)));

    // Whole: the segments v2cloud and v1-region are no versions.
    [GeneratedRegex(@"^v[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex Segment();
}
