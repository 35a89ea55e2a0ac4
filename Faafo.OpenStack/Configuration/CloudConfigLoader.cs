namespace Faafo.OpenStack;

/// <summary>
/// Chooses a cloud and reads its configuration.
/// The cloud: the argument, OS_CLOUD, the cloud "envvars" if OS_AUTH_URL is set, or the only cloud in the file.
/// Precedence of settings: the argument, secure.yaml, clouds.yaml, the profile from clouds-public.yaml, the defaults.
/// With OS_CLOUD, only OS_REGION_NAME and OS_INTERFACE are also read from the environment, so that variables for another cloud do no harm.
/// </summary>
internal sealed class CloudConfigLoader(CloudConfigSource source)
{
    private const string EnvironmentCloud = "envvars";
    private readonly CloudConfigFiles _files = new(source);

    public CloudConfig Load(string? name, string? region)
    {
        var explicitName = name ?? Variable("OS_CLOUD");
        var (cloud, chosen) = explicitName == EnvironmentCloud || (explicitName is null && Variable("OS_AUTH_URL") is not null)
            ? (FromEnvironment(), EnvironmentCloud)
            : FromFiles(explicitName);

        cloud = Normalise(cloud);
        var (withRegion, regionName) = ChooseRegion(cloud, region ?? Variable("OS_REGION_NAME"));
        if (Variable("OS_INTERFACE") is { } chosenInterface)
        {
            withRegion = withRegion.With("interface", ConfigNode.FromText("OS_INTERFACE", chosenInterface));
        }
        return new CloudConfigReader(chosen, withRegion).Read(regionName);
    }

    private (ConfigNode Cloud, string Name) FromFiles(string? name)
    {
        var file = _files.Clouds() ?? throw new CloudConfigException(
            $"no clouds.yaml found in {string.Join(", ", _files.Directories())}: create one, or set OS_CLIENT_CONFIG_FILE or OS_AUTH_URL");
        var clouds = file.Members.TryGetValue("clouds", out var node) ? node.Members : new Dictionary<string, ConfigNode>();
        name ??= clouds.Count == 1 ? clouds.Keys.Single() : throw new CloudConfigException(
            $"no cloud is named: choose one by an argument or OS_CLOUD; the file has: {Names(clouds)}", file.File);
        var cloud = clouds.TryGetValue(name, out var found) ? found : throw new CloudConfigException(
            $"there is no cloud '{name}', only: {Names(clouds)}", file.File, node?.Line ?? 0);

        if (_files.Secure() is { } secure && secure.Members.TryGetValue("clouds", out var secrets)
            && secrets.Members.TryGetValue(name, out var secret))
        {
            cloud = ConfigNode.Merge(cloud, secret);
        }
        return cloud.Get("profile") is { } profile
            ? (ConfigNode.Merge(Profile(profile, cloud.Members["profile"]), cloud), name)
            : (cloud, name);
    }

    private ConfigNode Profile(string name, ConfigNode where)
    {
        var profiles = _files.Public() is { } file && file.Members.TryGetValue("public-clouds", out var node)
            ? node.Members
            : new Dictionary<string, ConfigNode>();
        return profiles.TryGetValue(name, out var profile) ? profile : throw new CloudConfigException(
            $"there is no profile '{name}' in clouds-public.yaml, only: {Names(profiles)}", where.File, where.Line);
    }

    private ConfigNode FromEnvironment() => ConfigNode.FromMembers(
        "environment",
        source.Variables.Where(variable => variable.Key.StartsWith("OS_", StringComparison.Ordinal) && variable.Value.Length > 0)
            .ToDictionary(variable => LowerKey(variable.Key), variable => ConfigNode.FromText("environment", variable.Value)));

    private static string LowerKey(string variable)
    {
#pragma warning disable CA1308 // Settings are lower case: OS_AUTH_URL is auth_url.
        return variable["OS_".Length..].ToLowerInvariant();
#pragma warning restore CA1308
    }

    /// <summary>Replaces old spellings: a-b by a_b, tenant by project, endpoint_type by interface.</summary>
    private static ConfigNode Normalise(ConfigNode cloud)
    {
        var renamed = cloud.Rename(Modern);
        return renamed.Members.TryGetValue("auth", out var auth) ? renamed.With("auth", auth.Rename(Modern)) : renamed;
    }

    private static string Modern(string key)
    {
        key = key.Replace('-', '_');
        if (key.StartsWith("tenant_", StringComparison.Ordinal))
        {
            return "project_" + key["tenant_".Length..];
        }
        return key.EndsWith("endpoint_type", StringComparison.Ordinal) ? key[..^"endpoint_type".Length] + "interface" : key;
    }

    private static (ConfigNode Cloud, string? Region) ChooseRegion(ConfigNode cloud, string? wanted)
    {
        wanted ??= cloud.Get("region_name");
        if (!cloud.Members.TryGetValue("regions", out var list) || list.Items.Count == 0)
        {
            return (cloud, wanted);
        }
        var regions = list.Items.Select(item => (Name: item.Text ?? item.Get("name"), Node: item)).ToList();
        var (name, node) = wanted is null ? regions[0] : regions.FirstOrDefault(region => region.Name == wanted);
        return name is null
            ? throw new CloudConfigException(
                $"there is no region '{wanted}', only: {string.Join(", ", regions.Select(region => region.Name))}", list.File, list.Line)
            : (node.Members.TryGetValue("values", out var values) ? Normalise(ConfigNode.Merge(cloud, values)) : cloud, name);
    }

    private static string Names(IReadOnlyDictionary<string, ConfigNode> choices) =>
        choices.Count == 0 ? "none" : string.Join(", ", choices.Keys.Order(StringComparer.Ordinal));

    private string? Variable(string name) => source.Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
