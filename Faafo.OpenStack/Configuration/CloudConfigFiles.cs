namespace Faafo.OpenStack;

/// <summary>
/// Finds the configuration files. Search order, the first file that exists wins:
/// <list type="number">
/// <item>the file named by OS_CLIENT_CONFIG_FILE (secure: OS_CLIENT_SECURE_FILE, public: OS_CLIENT_VENDOR_FILE);</item>
/// <item>the working directory;</item>
/// <item>$XDG_CONFIG_HOME/openstack, then ~/.config/openstack;</item>
/// <item>/etc/xdg/openstack, then /etc/openstack.</item>
/// </list>
/// In each directory .yaml comes before .yml before .json. Each of the three files is searched for on its own, so that clouds.yaml may
/// be in the working directory and secure.yaml in the home directory.
/// </summary>
internal sealed class CloudConfigFiles(CloudConfigSource source)
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    public ConfigNode? Clouds() => Read("clouds", "OS_CLIENT_CONFIG_FILE");

    public ConfigNode? Secure() => Read("secure", "OS_CLIENT_SECURE_FILE");

    public ConfigNode? Public() => Read("clouds-public", "OS_CLIENT_VENDOR_FILE");

    public IEnumerable<string> Directories()
    {
        yield return source.CurrentDirectory;
        if (source.Variables.TryGetValue("XDG_CONFIG_HOME", out var xdg) && xdg.Length > 0)
        {
            yield return Path.Combine(xdg, "openstack");
        }
        yield return Path.Combine(source.HomeDirectory, ".config", "openstack");
        foreach (var directory in source.SiteDirectories)
        {
            yield return directory;
        }
    }

    private ConfigNode? Read(string name, string variable)
    {
        if (source.Variables.TryGetValue(variable, out var named) && named.Length > 0)
        {
            // The Python client silently continues if this file is missing, and may log in to another cloud.
            return File.Exists(named)
                ? ConfigNode.Read(named)
                : throw new CloudConfigException($"the file that {variable} names does not exist", named);
        }
        var found = Directories()
            .SelectMany(directory => Extensions.Select(extension => Path.Combine(directory, name + extension)))
            .FirstOrDefault(File.Exists);
        return found is null ? null : ConfigNode.Read(found);
    }
}
