using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>The resources of a cloud that a flock uses but does not create: images, flavors, networks, and the project's quotas.</summary>
/// <param name="Images">The image of each group.</param>
/// <param name="Flavors">The flavor of each group.</param>
/// <param name="Network">The network of the instances; null if the flock creates its own.</param>
/// <param name="External">The network of the floating IPs; null if the flock has none.</param>
/// <param name="SecurityGroups">The ids, by name, of the project's security groups that instances join besides their own.</param>
/// <param name="Limits">Nova's limits of the project.</param>
/// <param name="NetworkLimits">Neutron's quota usage by resource; empty if the cloud hides quota details.</param>
/// <param name="FreeFloatingIPs">The number of unused floating IPs in the project; they are taken before new ones are allocated.</param>
internal sealed record ExternalResources(
    IReadOnlyDictionary<string, Image> Images,
    IReadOnlyDictionary<string, Flavor> Flavors,
    Network? Network,
    Network? External,
    IReadOnlyDictionary<string, string> SecurityGroups,
    ComputeLimits Limits,
    IReadOnlyDictionary<string, QuotaUsage> NetworkLimits,
    int FreeFloatingIPs)
{
    private const int LeastRam = 1024;

    /// <summary>Finds everything that flock.yaml names or leaves to be chosen.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="flock">The flock as flock.yaml describes it.</param>
    /// <param name="placeOf">Returns the place of a field in flock.yaml, for messages.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="FailureException">
    /// A resource is missing, or the choice is ambiguous; the message has the place in the file and lists the choices.
    /// </exception>
    public static async Task<ExternalResources> FindAsync(
        OpenStackClient cloud, FlockSpec flock, Func<string, string> placeOf, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cloud, flock, cancellationToken);
        }
        catch (FieldException e)
        {
            throw new FailureException(placeOf(e.Field) + $"{e.Field}: {e.Message}", e);
        }
    }

    private static async Task<ExternalResources> FindAsync(OpenStackClient cloud, FlockSpec flock, CancellationToken cancellationToken)
    {
        await RequireServicesAsync(cloud, flock, cancellationToken);
        var images = new Dictionary<string, Image>();
        var flavors = new Dictionary<string, Flavor>();
        var securityGroups = new Dictionary<string, string>();
        foreach (var group in flock.AllGroups)
        {
            await RequireZonesAsync(cloud, group, cancellationToken);
            var imageField = group.Image is null ? "image" : $"groups.{group.Name}.image";
            var image = await ForFieldAsync(imageField, cloud.Images.ChooseImageAsync(group.Image ?? flock.Image, cancellationToken));
            var flavorField = group.Flavor is null ? "flavor" : $"groups.{group.Name}.flavor";
            images[group.Name] = image;
            flavors[group.Name] = await ForFieldAsync(
                flavorField, cloud.Compute.ChooseFlavorAsync(group.Flavor ?? flock.Flavor, image, LeastRam, cancellationToken));
            foreach (var (i, name) in group.SecurityGroups.Index())
            {
                var found = await ForFieldAsync(
                    $"groups.{group.Name}.security_groups.{i}", cloud.Networking.FindSecurityGroupAsync(name, cancellationToken));
                securityGroups[name] = found.Id;
            }
        }
        await RequireKeyAsync(cloud, flock, cancellationToken);
        var hasFloatingIPs = flock.OwnNetworks is not null || flock.HasBalancerAddress || flock.AllGroups.Any(flock.HasFloatingIP);
        var external = hasFloatingIPs
            ? await ForFieldAsync("external_network", cloud.Networking.ChooseNetworkAsync(flock.ExternalNetwork, true, cancellationToken))
            : null;
        var network = flock.OwnNetworks is null
            ? await ForFieldAsync("network", cloud.Networking.ChooseNetworkAsync(flock.Network, false, cancellationToken))
            : null;
        var limits = await cloud.Compute.GetLimitsAsync(cancellationToken);
        var networkLimits = await ReadNetworkLimitsAsync(cloud, cancellationToken);
        var free = await CountFreeFloatingIPsAsync(cloud, external, cancellationToken);
        return new ExternalResources(images, flavors, network, external, securityGroups, limits, networkLimits, free);
    }

    // Some clouds lack the extension quota_details, or allow it to administrators only.
    private static async Task<IReadOnlyDictionary<string, QuotaUsage>> ReadNetworkLimitsAsync(
        OpenStackClient cloud, CancellationToken cancellationToken)
    {
        var project = (await cloud.Session.GetTokenAsync(cancellationToken)).Project?.Id;
        try
        {
            return string.IsNullOrEmpty(project)
                ? new Dictionary<string, QuotaUsage>()
                : await cloud.Networking.GetQuotaUsageAsync(project, cancellationToken);
        }
        catch (OpenStackException e) when (e is OpenStackApiException or MalformedAnswerException)
        {
            return new Dictionary<string, QuotaUsage>();
        }
    }

    private static async Task<int> CountFreeFloatingIPsAsync(OpenStackClient cloud, Network? external, CancellationToken cancellationToken)
    {
        if (external is null)
        {
            return 0;
        }
        return await cloud.Networking.ListFloatingIPsAsync(cancellationToken: cancellationToken)
            .CountAsync(address => address.PortId is null && address.FloatingNetworkId == external.Id, cancellationToken);
    }

    private static async Task RequireKeyAsync(OpenStackClient cloud, FlockSpec flock, CancellationToken cancellationToken)
    {
        var keys = cloud.Compute.ListKeyPairsAsync(cancellationToken);
        if (flock.KeyPair is { } key && !await keys.AnyAsync(one => one.Name == key, cancellationToken))
        {
            throw new FieldException("key_pair", $"there is no key pair '{key}' in the cloud {flock.Cloud}; "
                + "'openstack keypair list' shows which there are, and public_key_file makes one");
        }
        if (flock.PublicKeyFile is { } file && !File.Exists(file))
        {
            throw new FieldException("public_key_file", $"there is no file {file}");
        }
    }

    private static async Task RequireZonesAsync(OpenStackClient cloud, GroupSpec group, CancellationToken cancellationToken)
    {
        if (group.AvailabilityZones.Count == 0)
        {
            return;
        }
        var zones = await cloud.Compute.ListAvailabilityZonesAsync(cancellationToken)
            .Where(zone => zone.IsAvailable).Select(zone => zone.Name).ToListAsync(cancellationToken);
        foreach (var (i, zone) in group.AvailabilityZones.Index())
        {
            if (!zones.Contains(zone))
            {
                throw new FieldException(
                    $"groups.{group.Name}.availability_zones.{i}",
                    $"no zone '{zone}' is available; choose from: {string.Join(", ", zones)}");
            }
        }
    }

    private static async Task RequireServicesAsync(OpenStackClient cloud, FlockSpec flock, CancellationToken cancellationToken)
    {
        var catalog = (await cloud.Session.GetTokenAsync(cancellationToken)).Catalog;
        ServiceType[] needed = [ServiceType.Compute, ServiceType.Network, ServiceType.Image, ServiceType.ObjectStore];
        var missing = needed.Where(type => !catalog.Has(type)).Select(type => type.Name).ToArray();
        if (missing.Length > 0)
        {
            throw new FailureException($"the cloud {flock.Cloud} has no {string.Join(" and no ", missing)} service, which a flock needs; "
                + "'faafo-scaler diagnose' shows which it has");
        }
        if (flock.Balancing == Balancing.Octavia)
        {
            await RequireOctaviaAsync(cloud, catalog, flock, cancellationToken);
        }
    }

    private static async Task RequireOctaviaAsync(
        OpenStackClient cloud, ServiceCatalog catalog, FlockSpec flock, CancellationToken cancellationToken)
    {
        if (!catalog.Has(ServiceType.LoadBalancer))
        {
            throw new FieldException(
                "lb", $"the cloud {flock.Cloud} has no {ServiceType.LoadBalancer.Name} service; lb: haproxy does without");
        }
        try
        {
            await cloud.LoadBalancing.ListLoadBalancersAsync(flock.Name, cancellationToken: cancellationToken).AnyAsync(cancellationToken);
        }
        catch (OpenStackApiException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Octavia has roles of its own.
            throw new FieldException("lb", $"the cloud {flock.Cloud} does not let you use load balancers ({e.Detail ?? "403"}): "
                + "ask for the role load-balancer_member, or use lb: haproxy");
        }
    }

    private static async Task<T> ForFieldAsync<T>(string field, Task<T> choose)
    {
        try
        {
            return await choose;
        }
        catch (OpenStackException e) when (e is NameNotFoundException or AmbiguousNameException or ChoiceException)
        {
            throw new FieldException(field, e.Message + AlternativeTo(field, e));
        }
    }

    private static string AlternativeTo(string field, OpenStackException e) => (field, e) switch
    {
        ("external_network", ChoiceException { Problem: ChoiceProblem.None }) => "; floating_ip: false does without",
        ("network", ChoiceException { Problem: ChoiceProblem.None }) => "; 'networks' creates some",
        _ => "",
    };

    /// <summary>The cloud lacks what a field of flock.yaml asks for.</summary>
    private sealed class FieldException(string field, string message) : Exception(message)
    {
        public string Field { get; } = field;
    }
}
