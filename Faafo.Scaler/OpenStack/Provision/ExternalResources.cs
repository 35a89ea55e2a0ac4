using System.Net;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.Networking;
using Faafo.Options;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>What a cloud has that a flock uses and did not make: images, flavors, networks, the project's limits.</summary>
/// <param name="Images">Each group's image.</param>
/// <param name="Flavors">Each group's flavor.</param>
/// <param name="Network">The network that is used; null when the flock makes its own.</param>
/// <param name="External">Where floating addresses come from; null when none are wanted.</param>
/// <param name="SecurityGroups">The ids of the project's groups that instances join besides their own, by name.</param>
/// <param name="Limits">The project's limits.</param>
/// <param name="NetworkLimits">What of Neutron's things the project has and may have (-1 for any number), by their name there; empty where it does not tell.</param>
/// <param name="FreeFloatingIPs">Floating addresses that the project has and nothing uses: they are taken before new ones.</param>
internal sealed record ExternalResources(IReadOnlyDictionary<string, Image> Images, IReadOnlyDictionary<string, Flavor> Flavors,
    Network? Network, Network? External, IReadOnlyDictionary<string, string> SecurityGroups, ComputeLimits Limits,
    IReadOnlyDictionary<string, (long Used, long Limit)> NetworkLimits, int FreeFloatingIPs)
{
    private const int LeastRam = 1024;
    private const long GiB = 1L << 30;

    /// <summary>Looks, and finds everything that flock.yaml names.</summary>
    /// <exception cref="FailureException">
    /// Something is not there, or the choice is not clear: the message says where in the file, and lists what there is.
    /// </exception>
    /// <param name="cloud">Where it looks.</param>
    /// <param name="flock">What flock.yaml says.</param>
    /// <param name="placeOf">Where a field stands in it, for the message.</param>
    public static async Task<ExternalResources> FindAsync(
        OpenStackClient cloud, FlockSpec flock, Func<string, string> placeOf, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(cloud, flock, cancellationToken);
        }
        catch (UnfitException e)
        {
            throw new FailureException(placeOf(e.Field) + $"{e.Field}: {e.Message}", e);
        }
    }

    private static async Task<ExternalResources> FindAsync(OpenStackClient cloud, FlockSpec flock, CancellationToken cancellationToken)
    {
        await RequireServicesAsync(cloud, flock, cancellationToken);
        var images = new Dictionary<string, Image>();
        var flavors = new Dictionary<string, Flavor>();
        var groups = new Dictionary<string, string>();
        foreach (var group in flock.AllGroups)
        {
            await RequireZonesAsync(cloud, group, cancellationToken);
            images[group.Name] = await ImageAsync(cloud, group.Image ?? flock.Image, group.Image is null ? "image" : $"groups.{group.Name}.image", cancellationToken);
            flavors[group.Name] = await FlavorAsync(cloud, images[group.Name], group.Flavor ?? flock.Flavor, group.Flavor is null ? "flavor" : $"groups.{group.Name}.flavor",
                cancellationToken);
            foreach (var (i, name) in group.SecurityGroups.Index())
            {
                groups[name] = (await Named($"groups.{group.Name}.security_groups.{i}", cloud.Networking.FindSecurityGroupAsync(name, cancellationToken))).Id;
            }
        }
        if (flock.KeyPair is { } key && !await AnyAsync(cloud.Compute.ListKeyPairsAsync(cancellationToken), one => one.Name == key))
        {
            throw new UnfitException("key_pair", $"there is no key pair '{key}' in the cloud {flock.Cloud}; "
                + "'openstack keypair list' shows which there are, and public_key_file makes one");
        }
        if (flock.PublicKeyFile is { } file && !File.Exists(file))
        {
            throw new UnfitException("public_key_file", $"there is no file {file}");
        }
        var external = flock.OwnNetworks is not null || flock.HasBalancerAddress || flock.AllGroups.Any(flock.HasFloatingIP)
            ? await NetworkAsync(cloud, flock.ExternalNetwork, "external_network", external: true, cancellationToken) : null;
        var network = flock.OwnNetworks is null ? await NetworkAsync(cloud, flock.Network, "network", external: false, cancellationToken) : null;
        var free = external is null ? []
            : await ListAsync(cloud.Networking.ListFloatingIPsAsync(cancellationToken: cancellationToken), one => one.PortId is null && one.FloatingNetworkId == external.Id);
        return new ExternalResources(images, flavors, network, external, groups, await cloud.Compute.GetLimitsAsync(cancellationToken),
            await NetworkLimitsAsync(cloud, cancellationToken), free.Count);
    }

    // Neutron's quotas with their use: an extension, and on some clouds for administrators only.
    private static async Task<IReadOnlyDictionary<string, (long Used, long Limit)>> NetworkLimitsAsync(OpenStackClient cloud, CancellationToken cancellationToken)
    {
        var project = (await cloud.Session.GetTokenAsync(cancellationToken)).Project?.Id;
        try
        {
            using var response = await cloud.Session.SendAsync(ServiceType.Network, HttpMethod.Get, $"/quotas/{project}/details", cancellationToken: cancellationToken);
            using var details = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return details.RootElement.GetProperty("quota").EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Object)
                .ToDictionary(one => one.Name, one => (one.Value.GetProperty("used").GetInt64(), one.Value.GetProperty("limit").GetInt64()));
        }
        catch (Exception e) when (e is OpenStackApiException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new Dictionary<string, (long, long)>();
        }
    }

    private static async Task RequireZonesAsync(OpenStackClient cloud, GroupSpec group, CancellationToken cancellationToken)
    {
        if (group.AvailabilityZones.Count == 0)
        {
            return;
        }
        using var response = await cloud.Session.SendAsync(ServiceType.Compute, HttpMethod.Get, "/os-availability-zone", cancellationToken: cancellationToken);
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        var zones = answer.RootElement.GetProperty("availabilityZoneInfo").EnumerateArray()
            .Where(zone => zone.GetProperty("zoneState").GetProperty("available").GetBoolean()).Select(zone => zone.GetProperty("zoneName").GetString()!).ToArray();
        foreach (var (i, zone) in group.AvailabilityZones.Index())
        {
            if (!zones.Contains(zone))
            {
                throw new UnfitException($"groups.{group.Name}.availability_zones.{i}", $"no zone '{zone}' is available; choose from: {string.Join(", ", zones)}");
            }
        }
    }

    private static async Task RequireServicesAsync(OpenStackClient cloud, FlockSpec flock, CancellationToken cancellationToken)
    {
        var catalog = (await cloud.Session.GetTokenAsync(cancellationToken)).Catalog;
        ServiceType[] needed = [ServiceType.Compute, ServiceType.Network, ServiceType.Image, ServiceType.ObjectStore];
        if (needed.Where(type => !catalog.Has(type)).Select(type => type.Name).ToArray() is { Length: > 0 } missing)
        {
            throw new FailureException($"the cloud {flock.Cloud} has no {string.Join(" and no ", missing)} service, which a flock needs; 'faafo-scaler diagnose' says what it has");
        }
        if (flock.Balancing == Balancing.Octavia)
        {
            await RequireOctaviaAsync(cloud, catalog, flock, cancellationToken);
        }
    }

    private static async Task RequireOctaviaAsync(OpenStackClient cloud, ServiceCatalog catalog, FlockSpec flock, CancellationToken cancellationToken)
    {
        if (!catalog.Has(ServiceType.LoadBalancer))
        {
            throw new UnfitException("lb", $"the cloud {flock.Cloud} has no {ServiceType.LoadBalancer.Name} service; lb: haproxy does without");
        }
        try
        {
            await AnyAsync(cloud.LoadBalancing.ListLoadBalancersAsync(flock.Name, cancellationToken: cancellationToken), _ => true);
        }
        catch (OpenStackApiException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Octavia has roles of its own.
            throw new UnfitException("lb", $"the cloud {flock.Cloud} lets you have no load balancers ({e.Detail ?? "403"}): ask for the role load-balancer_member, "
                + "or use lb: haproxy");
        }
    }

    private static async Task<Image> ImageAsync(OpenStackClient cloud, string? name, string field, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            return await Named(field, cloud.Images.FindAsync(name, cancellationToken));
        }
        var active = await ListAsync(cloud.Images.ListAsync(cancellationToken: cancellationToken), image => image.Status == "active");
        return active.Count == 1 ? active[0]
            : throw new UnfitException(field, $"choose one of the cloud's images: {string.Join(", ", active.Select(image => image.Name).Order(StringComparer.Ordinal))}");
    }

    private static async Task<Flavor> FlavorAsync(OpenStackClient cloud, Image image, string? name, string field, CancellationToken cancellationToken)
    {
        // Nova would say so only after everything else was made.
        var disk = Math.Max(image.MinDisk, (image.Size + GiB - 1) / GiB ?? 0);
        bool Holds(Flavor flavor) => flavor.Ram >= image.MinRam && (flavor.Disk == 0 || flavor.Disk >= disk);
        if (name is not null)
        {
            var named = await Named(field, cloud.Compute.FindFlavorAsync(name, cancellationToken));
            return Holds(named) ? named : throw new UnfitException(field, $"{named.Name} ({named.Ram} MiB of memory, {named.Disk} GiB of disk) "
                + $"is too small for the image {image.Name}, which needs {image.MinRam} MiB and {disk} GiB");
        }
        var all = await ListAsync(cloud.Compute.ListFlavorsAsync(cancellationToken), _ => true);
        return all.Where(flavor => flavor.Ram >= LeastRam && Holds(flavor)).OrderBy(flavor => flavor.Ram).ThenBy(flavor => flavor.Vcpus).ThenBy(flavor => flavor.Disk).FirstOrDefault()
            ?? throw new UnfitException(field, $"no flavor has {Math.Max(LeastRam, image.MinRam)} MiB of memory and {disk} GiB of disk; "
                + $"choose one of: {string.Join(", ", all.Select(flavor => flavor.Name))}");
    }

    // An administrator is shown the networks of all projects: a flock uses its own project's, shared and external ones.
    private static async Task<Network> NetworkAsync(OpenStackClient cloud, string? name, string field, bool external, CancellationToken cancellationToken)
    {
        var project = (await cloud.Session.GetTokenAsync(cancellationToken)).Project?.Id;
        if (name is not null)
        {
            var own = await ListAsync(cloud.Networking.ListNetworksAsync(name, projectId: project, cancellationToken: cancellationToken), _ => true);
            var named = own.Count == 1 ? own[0] : await Named(field, cloud.Networking.FindNetworkAsync(name, cancellationToken));
            return IsUsable(named) ? named
                : throw new UnfitException(field, $"the network {named.Name} ({named.Id}) belongs to another project, and is neither shared nor external");
        }
        var all = await ListAsync(cloud.Networking.ListNetworksAsync(external: external, cancellationToken: cancellationToken), IsUsable);
        return all.Count == 1 ? all[0] : throw new UnfitException(field, all.Count == 0
            ? "the cloud has none" + (external ? "; floating_ip: false does without" : "; networks makes some")
            : $"choose one of: {string.Join(", ", all.Select(network => network.Name).Order(StringComparer.Ordinal))}");

        bool IsUsable(Network network) => network.ProjectId == project || network.Shared || network.IsExternal;
    }

    private static async Task<T> Named<T>(string field, Task<T> find)
    {
        try
        {
            return await find;
        }
        catch (Exception e) when (e is NameNotFoundException or AmbiguousNameException)
        {
            throw new UnfitException(field, e.Message);
        }
    }

    /// <summary>What passes, as a list.</summary>
    public static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> all, Func<T, bool> passes)
    {
        var list = new List<T>();
        await foreach (var one in all)
        {
            if (passes(one))
            {
                list.Add(one);
            }
        }
        return list;
    }

    private static async Task<bool> AnyAsync<T>(IAsyncEnumerable<T> all, Func<T, bool> passes) => (await ListAsync(all, passes)).Count > 0;

    // What a field of flock.yaml asks for and the cloud does not give.
    private sealed class UnfitException(string field, string message) : Exception(message)
    {
        public string Field { get; } = field;
    }
}
