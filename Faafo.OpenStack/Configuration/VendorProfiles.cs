namespace Faafo.OpenStack;

/// <summary>
/// Finds the profile of a cloud in clouds-public.yaml. The profiles that openstacksdk contains are not part of this library.
/// </summary>
internal static class VendorProfiles
{
    // openstack/config/vendors
    private static readonly string[] BuiltIn =
    [
        "auro", "betacloud", "binero", "bluebox", "catalyst", "citycloud", "conoha", "dreamcompute", "elastx", "entercloudsuite", "fuga",
        "ibmcloud", "internap", "limestonenetworks", "otc", "otc-swiss", "ovh", "ovh-us", "rackspace", "switchcloud", "switchengines",
        "ultimum", "unitedstack", "vexxhost", "zetta",
    ];

    /// <summary>Finds a profile.</summary>
    /// <param name="name">The name.</param>
    /// <param name="file">clouds-public.yaml; <c>null</c> if there is none.</param>
    /// <param name="where">The setting that names the profile, for messages.</param>
    public static ConfigNode Find(string name, ConfigNode? file, ConfigNode where)
    {
        var profiles = file is not null && file.Members.TryGetValue("public-clouds", out var node)
            ? node.Members
            : new Dictionary<string, ConfigNode>();
        if (profiles.TryGetValue(name, out var profile))
        {
            return profile;
        }
        throw new CloudConfigException(Explain(name, profiles.Keys), where.File, where.Line);
    }

    private static string Explain(string name, IEnumerable<string> profiles)
    {
        const string Instead = "set auth_url, region_name and what else it needs in clouds.yaml, or in a profile in clouds-public.yaml";
        if (name.Contains("://", StringComparison.Ordinal))
        {
            return $"the profile '{name}' is an address, and this library downloads no profiles: {Instead}";
        }
        if (BuiltIn.Contains(name))
        {
            return $"the profile '{name}' is a vendor profile of openstacksdk, which this library does not contain: {Instead}";
        }
        var names = string.Join(", ", profiles.Order(StringComparer.Ordinal));
        return $"there is no profile '{name}' in clouds-public.yaml, only: {(names.Length == 0 ? "none" : names)}";
    }
}
