namespace Faafo.OpenStack;

/// <summary>
/// Reads <c>networks</c>, and <c>external_network</c> and <c>internal_network</c>, which it replaces (openstacksdk's
/// _fix_backwards_networks).
/// </summary>
internal sealed class ConfiguredNetworksReader(CloudSettings settings)
{
    private const string Key = "networks";

    public IReadOnlyList<ConfiguredNetwork> Read()
    {
        settings.Cloud.Members.TryGetValue(Key, out var list);
        var networks = (list?.Items ?? []).Select(ReadOne).ToList();
        foreach (var old in (string[])["external_network", "internal_network"])
        {
            if (settings.Cloud.Get(old) is not { } name)
            {
                continue;
            }
            if (list is not null)
            {
                throw settings.Wrong(old, "and networks exclude each other: add the network to networks");
            }
            var external = old == "external_network";
            networks.Add(new ConfiguredNetwork(name)
            {
                RoutesExternally = external,
                RoutesIPv4Externally = external,
                RoutesIPv6Externally = external,
                IsNatDestination = !external,
                IsDefaultInterface = external,
            });
        }
        RequireOne("nat_destination", networks.Where(network => network.IsNatDestination));
        RequireOne("default_interface", networks.Where(network => network.IsDefaultInterface));
        return networks;
    }

    private ConfiguredNetwork ReadOne(ConfigNode node)
    {
        var name = node.Get("name") ?? throw settings.Wrong(Key, "has an entry without a name");
        var external = Flag("routes_externally") ?? false;
        return new ConfiguredNetwork(name)
        {
            RoutesExternally = external,
            RoutesIPv4Externally = Flag("routes_ipv4_externally") ?? external,
            RoutesIPv6Externally = Flag("routes_ipv6_externally") ?? external,
            IsNatSource = Flag("nat_source") ?? false,
            IsNatDestination = Flag("nat_destination") ?? false,
            IsDefaultInterface = Flag("default_interface") ?? false,
        };

        bool? Flag(string key) => node.Get(key) is { } text ? settings.Flag(key, text) : null;
    }

    private void RequireOne(string key, IEnumerable<ConfiguredNetwork> networks)
    {
        var names = networks.Select(network => network.Name).ToList();
        if (names.Count > 1)
        {
            throw settings.Wrong(Key, $"has {key} at {string.Join(" and ", names)}; only one network can have it");
        }
    }
}
