using System.Net;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>Reads the keys of flock.yaml that only a flock on a cloud has, and <c>lb</c>.</summary>
internal sealed partial class CloudFields(YamlFields fields)
{
    /// <summary>The keys.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["name", "id", "image", "flavor", "key_pair", "public_key_file", "network", "networks", "external_network", "bundle", "lb"];

    /// <summary>Reads one key.</summary>
    public FlockSpec Read(FlockSpec flock, string name, YamlNode value) => flock.IsLocal ? ReadLocal(flock, name, value) : name switch
    {
        "name" => flock with
        {
            Name = fields.Matching(value, name, FlockName(), "1 to 40 lower-case letters, digits and hyphens, beginning with a letter"),
        },
        "id" => flock with { Id = fields.Matching(value, name, FlockId(), "the 12 hexadecimal digits that 'up' shows") },
        "image" => flock with { Image = fields.Text(value, name) },
        "flavor" => flock with { Flavor = fields.Text(value, name) },
        "key_pair" => flock with { KeyPair = fields.Text(value, name) },
        "public_key_file" => flock with { PublicKeyFile = fields.FilePath(value, name) },
        "network" => flock with { Network = fields.Text(value, name) },
        "networks" => flock with { OwnNetworks = Networks(value) },
        "external_network" => flock with { ExternalNetwork = fields.Text(value, name) },
        "bundle" => flock with { Bundle = Bundle(value) },
        _ => flock with
        {
            Balancing = fields.OneOf(value, name, ("none", Balancing.None), ("haproxy", Balancing.HAProxy), ("octavia", Balancing.Octavia)),
        },
    };

    /// <summary>Checks the keys that exclude each other.</summary>
    public void Check(FlockSpec flock, YamlNode root)
    {
        if (flock.Network is not null && flock.OwnNetworks is not null)
        {
            throw fields.Error(root.Start, "network and networks exclude each other: network uses an existing one, networks creates three");
        }
        if (flock.KeyPair is not null && flock.PublicKeyFile is not null)
        {
            throw fields.Error(root.Start,
                "key_pair and public_key_file exclude each other: key_pair uses an existing one, public_key_file creates one");
        }
    }

    // The defaults of a local flock depend on lb already.
    private FlockSpec ReadLocal(FlockSpec flock, string name, YamlNode value)
    {
        if (name != "lb")
        {
            throw fields.Error(value.Start, $"{name} is only for a flock on a cloud (cloud is local): remove it, or set cloud");
        }
        var text = fields.Text(value, name);
        return text is "none" or "haproxy" ? flock
            : throw fields.Error(value.Start, $"lb must be none or haproxy on the local cloud (got '{text}')");
    }

    private OwnNetworks Networks(YamlNode node)
    {
        var ranges = new Dictionary<string, IPNetwork>();
        foreach (var (name, value) in fields.Entries(node, "networks", FlockSpec.Worker, FlockSpec.Api, FlockSpec.Services))
        {
            var range = Range(value, name);
            var overlapped = ranges.FirstOrDefault(other => Overlap(other.Value, range)).Key;
            if (overlapped is not null)
            {
                throw fields.Error(value.Start, $"networks.{name} ({range}) overlaps networks.{overlapped}");
            }
            ranges[name] = range;
        }
        return new OwnNetworks(Required(FlockSpec.Worker), Required(FlockSpec.Api), Required(FlockSpec.Services));

        string Required(string name) => ranges.TryGetValue(name, out var range) ? range.ToString()
            : throw fields.Error(node.Start, $"networks.{name} is missing: networks needs worker, api and services");
    }

    private IPNetwork Range(YamlNode node, string name)
    {
        if (IPNetwork.TryParse(fields.Text(node, name), out var range) && range.PrefixLength is >= 8 and <= 28)
        {
            return range;
        }
        throw fields.Error(
            node.Start, $"networks.{name} must be an IPv4 range with a prefix from 8 to 28, such as 10.0.1.0/24 (got '{node}')");
    }

    private static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    private BundleSource Bundle(YamlNode node)
    {
        Uri? url = null;
        string? sha256 = null;
        foreach (var (name, value) in fields.Entries(node, "bundle", "url", "sha256"))
        {
            if (name == "url")
            {
                url = BundleUrl(value);
            }
            else
            {
                sha256 = fields.Matching(value, "bundle.sha256", Sha256(), "64 hexadecimal digits").ToLowerInvariant();
            }
        }
        return url is not null && sha256 is not null ? new BundleSource(url, sha256)
            : throw fields.Error(node.Start, "bundle must have url and sha256");
    }

    private Uri BundleUrl(YamlNode node)
    {
        if (Uri.TryCreate(fields.Text(node, "url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }
        throw fields.Error(node.Start, $"bundle.url must begin with http:// or https:// (got '{node}')");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex FlockName();

    [GeneratedRegex(@"^[0-9a-f]{12}\z")]
    private static partial Regex FlockId();

    [GeneratedRegex(@"^[0-9a-fA-F]{64}\z")]
    private static partial Regex Sha256();
}
