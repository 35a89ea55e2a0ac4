namespace Faafo.OpenStack;

/// <summary>
/// Chooses a cloud and reads its configuration.
/// The cloud: the argument, OS_CLOUD, the cloud of the environment (OS_CLOUD_NAME, or "envvars") if OS_AUTH_URL is set, or the only cloud
/// in the files.
/// Precedence of settings: the argument, secure.yaml, clouds.yaml, the profile from clouds-public.yaml, the defaults.
/// With OS_CLOUD, only OS_REGION_NAME and OS_INTERFACE are also read from the environment, so that variables for another cloud do no harm.
/// </summary>
internal sealed class CloudConfigLoader(CloudConfigSource source)
{
    private readonly CloudConfigFiles _files = new(source);

    private string EnvironmentCloud => Variable("OS_CLOUD_NAME") ?? "envvars";

    public CloudConfig Load(string? name, string? region)
    {
        var explicitName = name ?? Variable("OS_CLOUD");
        var isOfEnvironment = explicitName == EnvironmentCloud || (explicitName is null && Variable("OS_AUTH_URL") is not null);
        var (own, profile, chosen) = isOfEnvironment ? FromEnvironment() : FromFiles(explicitName);

        own = Normalise(own);
        var cloud = profile is null ? own : ConfigNode.Merge(Normalise(profile), own);
        var (withRegion, regionName) = RegionChoice.Choose(cloud, own, region ?? Variable("OS_REGION_NAME"));
        withRegion = Normalise(withRegion);
        if (Variable("OS_INTERFACE") is { } chosenInterface)
        {
            withRegion = withRegion.With("interface", ConfigNode.FromText("OS_INTERFACE", chosenInterface));
        }
        return new CloudConfigReader(chosen, new CloudSettings(chosen, withRegion, regionName, source.HomeDirectory)).Read();
    }

    private (ConfigNode Cloud, ConfigNode? Profile, string Name) FromFiles(string? name)
    {
        var (clouds, file, line) = ReadClouds();
        name ??= clouds.Count == 1 ? clouds.Keys.Single() : throw new CloudConfigException(
            $"no cloud is named: choose one by an argument or OS_CLOUD; the file has: {Names(clouds)}", file);
        var cloud = clouds.TryGetValue(name, out var found) ? found : throw new CloudConfigException(
            $"there is no cloud '{name}', only: {Names(clouds)}", file, line);
        // "cloud" is the older name of "profile".
        var key = cloud.Get("profile") is not null ? "profile" : "cloud";
        return cloud.Get(key) is { } profile && profile != EnvironmentCloud
            ? (cloud, VendorProfiles.Find(profile, _files.Public(), cloud.Members[key]), name)
            : (cloud, null, name);
    }

    /// <summary>Merges the clouds of clouds.yaml and secure.yaml; a cloud may be in only one of them.</summary>
    private (IReadOnlyDictionary<string, ConfigNode> Clouds, string File, long Line) ReadClouds()
    {
        var file = _files.Clouds();
        var secure = _files.Secure();
        var first = file ?? secure ?? throw new CloudConfigException(
            $"no clouds.yaml found in {string.Join(", ", _files.Directories())}: create one, or set OS_CLIENT_CONFIG_FILE or OS_AUTH_URL");
        var merged = file is null || secure is null ? first : ConfigNode.Merge(file, secure);
        var node = merged.Members.GetValueOrDefault("clouds");
        var place = first.Members.GetValueOrDefault("clouds") ?? first;
        var clouds = node?.Members ?? new Dictionary<string, ConfigNode>();
        if (clouds.TryGetValue(EnvironmentCloud, out var clash))
        {
            throw new CloudConfigException(
                $"the cloud '{EnvironmentCloud}' has the name of the cloud that OS_* variables describe: rename it, or set OS_CLOUD_NAME "
                + "to another name", clash.File, clash.Line);
        }
        return (clouds, first.File, place == first ? 0 : place.Line);
    }

    private (ConfigNode Cloud, ConfigNode? Profile, string Name) FromEnvironment()
    {
        if (Variable("OS_CLOUD_NAME") is not null && (_files.Clouds() ?? _files.Secure()) is not null)
        {
            ReadClouds(); // Which cloud is meant if a file has one of this name?
        }
        var settings = source.Variables
            .Where(variable => variable.Key.StartsWith("OS_", StringComparison.Ordinal) && variable.Value.Length > 0)
            .ToDictionary(variable => LowerKey(variable.Key), variable => ConfigNode.FromText("environment", variable.Value));
        return (ConfigNode.FromMembers("environment", settings), null, EnvironmentCloud);
    }

    private static string LowerKey(string variable)
    {
#pragma warning disable CA1308 // Settings are lower case: OS_AUTH_URL is auth_url.
        return variable["OS_".Length..].ToLowerInvariant();
#pragma warning restore CA1308
    }

    /// <summary>Replaces old spellings: a-b by a_b, endpoint_type by interface.</summary>
    private static ConfigNode Normalise(ConfigNode cloud)
    {
        var renamed = cloud.Rename(WithUnderscores).RenameInOrder(WithInterface);
        return renamed.Members.TryGetValue("auth", out var auth) ? renamed.With("auth", auth.Rename(WithUnderscores)) : renamed;
    }

    private static string WithUnderscores(string key) => key.Replace('-', '_');

    private static string WithInterface(string key) =>
        key.EndsWith("endpoint_type", StringComparison.Ordinal) ? key[..^"endpoint_type".Length] + "interface" : key;

    private static string Names(IReadOnlyDictionary<string, ConfigNode> choices) =>
        choices.Count == 0 ? "none" : string.Join(", ", choices.Keys.Order(StringComparer.Ordinal));

    private string? Variable(string name) => source.Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}
