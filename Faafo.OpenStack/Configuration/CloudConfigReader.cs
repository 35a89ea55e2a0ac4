using System.Globalization;

namespace Faafo.OpenStack;

/// <summary>Reads the merged settings of one cloud into a <see cref="CloudConfig"/>; errors have the place of the setting.</summary>
internal sealed class CloudConfigReader(string name, CloudSettings settings)
{
    public CloudConfig Read()
    {
        var login = new LoginReader(settings);
        return new CloudConfig
        {
            Name = name,
            AuthUrl = settings.GetAddress("auth_url") ?? throw settings.Wrong("auth_url", "is missing: the address of Keystone"),
            Credential = login.ReadCredential(),
            Scope = login.ReadScope(),
            RegionName = settings.Region,
            Interfaces = Interfaces("interface") ?? ["public"],
            Tls = ReadTls(),
            ApiTimeout = ReadTimeout(),
            Networks = new ConfiguredNetworksReader(settings).Read(),
            Services = ServiceType.All.ToDictionary(type => type.Name, ReadService),
            File = settings.File,
        };
    }

    // "insecure" wins over "verify", and without verification the authorities do not matter (openstack/config/cloud_region.py).
    private TlsSettings ReadTls()
    {
        var verify = (settings.GetFlag("verify") ?? true) && settings.GetFlag("insecure") != true;
        return new TlsSettings
        {
            Verify = verify,
            CaFile = verify ? Existing("cacert") : settings.GetPath("cacert"),
            CertificateFile = Existing("cert"),
            KeyFile = Existing("key"),
        };
    }

    private string? Existing(string key)
    {
        var path = settings.GetPath(key);
        return path is null || File.Exists(path) ? path : throw settings.Wrong(key, $"is '{path}', a file that does not exist");
    }

    // One request has one limit; a client's own setting, such as "compute_timeout", replaces it (_fix_backwards_api_timeout).
    private TimeSpan? ReadTimeout()
    {
        var key = settings.Cloud.Members.Keys.LastOrDefault(
            one => one.EndsWith("timeout", StringComparison.Ordinal) && one is not ("timeout" or "api_timeout")) ?? "api_timeout";
        if (settings.Cloud.Get(key) is not { } text || text == "None")
        {
            return null;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86400
            ? TimeSpan.FromSeconds(seconds)
            : throw settings.Wrong(key, $"is '{text}'; it must be a number of seconds above 0 and up to 86400");
    }

    private ServiceSettings ReadService(ServiceType type)
    {
        if (Find(type, "_region_name") is { } regionKey && settings.Cloud.Get(regionKey) != settings.Region)
        {
            throw settings.Wrong(regionKey, $"is '{settings.Cloud.Get(regionKey)}', but all services of a cloud are taken from one region "
                + $"({settings.Region ?? "none is chosen"}): set {type.SettingPrefixes.First()}_endpoint_override instead");
        }
        var address = Find(type, "_endpoint_override") ?? Find(type, "_endpoint");
        var microversion = Find(type, "_default_microversion");
        return new ServiceSettings
        {
            EndpointOverride = address is null ? null : settings.GetAddress(address),
            Interfaces = type.SettingPrefixes.Select(prefix => Interfaces(prefix + "_interface"))
                .FirstOrDefault(found => found is not null),
            DefaultMicroversion = microversion is null ? null : settings.Cloud.Get(microversion),
        };
    }

    private string? Find(ServiceType type, string suffix) =>
        type.SettingPrefixes.Select(prefix => prefix + suffix).FirstOrDefault(key => settings.Cloud.Get(key) is not null);

    private List<string>? Interfaces(string key)
    {
        if (!settings.Cloud.Members.TryGetValue(key, out var node))
        {
            return null;
        }
        var names = node.Items.Count > 0
            ? node.Items.Select(item => item.Text ?? "")
            : (node.Text ?? "").Split(',', StringSplitOptions.TrimEntries);
        var found = names.Where(text => text.Length > 0)
            .Select(text => text.EndsWith("URL", StringComparison.Ordinal) ? text[..^"URL".Length] : text).ToList();
        if (found.FirstOrDefault(text => text is not ("public" or "internal" or "admin")) is { } unknown)
        {
            throw settings.Wrong(key, $"is '{unknown}'; it must be public, internal or admin");
        }
        return found.Count == 0 ? null : found;
    }
}
