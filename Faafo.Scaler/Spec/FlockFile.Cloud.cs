using System.Net;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>The keys that only a flock on a cloud has.</summary>
internal sealed partial class FlockFile
{
    private static readonly string[] CloudKeys =
        ["name", "image", "flavor", "key_pair", "public_key_file", "network", "networks", "external_network", "bundle", "lb"];

    private FlockSpec CloudKey(FlockSpec flock, string name, YamlNode value)
    {
        if (flock.IsLocal && name == "lb")
        {
            return Text(value, name) is "none" or "haproxy" ? flock : throw Error(value.Start, $"lb must be none or haproxy on the local cloud, not '{value}'");
        }
        if (flock.IsLocal)
        {
            throw Error(value.Start, $"{name} is for clouds: cloud is local");
        }
        return name switch
        {
            "name" => flock with { Name = Matching(value, name, FlockName(), "1 to 40 lower-case letters, digits and hyphens, beginning with a letter") },
            "image" => flock with { Image = Text(value, name) },
            "flavor" => flock with { Flavor = Text(value, name) },
            "key_pair" => flock with { KeyPair = Text(value, name) },
            "public_key_file" => flock with { PublicKeyFile = Home(Text(value, name)) },
            "network" => flock with { Network = Text(value, name) },
            "networks" => flock with { OwnNetworks = Networks(value) },
            "external_network" => flock with { ExternalNetwork = Text(value, name) },
            "bundle" => flock with { Bundle = Bundle(value) },
            _ => flock with
            {
                Balancing = Text(value, name) switch
                {
                    "none" => Balancing.None,
                    "haproxy" => Balancing.HAProxy,
                    "octavia" => Balancing.Octavia,
                    var other => throw Error(value.Start, $"lb must be none, haproxy or octavia, not '{other}'"),
                }
            },
        };
    }

    // What can be said only of the whole.
    private FlockSpec Checked(FlockSpec flock, YamlNode root)
    {
        if (flock.Network is not null && flock.OwnNetworks is not null)
        {
            throw Error(root.Start, "network and networks exclude each other: one is there already, the others are made");
        }
        if (flock.KeyPair is not null && flock.PublicKeyFile is not null)
        {
            throw Error(root.Start, "key_pair and public_key_file exclude each other: one is there already, the other is made into one");
        }
        return flock;
    }

    private OwnNetworks Networks(YamlNode node)
    {
        var ranges = new Dictionary<string, IPNetwork>();
        foreach (var (_, value, name) in Entries(node, "networks", FlockSpec.Worker, FlockSpec.Api, FlockSpec.Services))
        {
            if (!IPNetwork.TryParse(Text(value, name), out var range) || range.PrefixLength is < 8 or > 28)
            {
                throw Error(value.Start, $"networks.{name} must be an IPv4 range with a prefix from 8 to 28, such as 10.0.1.0/24, not '{value}'");
            }
            if (ranges.FirstOrDefault(other => other.Value.Contains(range.BaseAddress) || range.Contains(other.Value.BaseAddress)) is { Key: { } overlapped })
            {
                throw Error(value.Start, $"networks.{name} ({range}) overlaps networks.{overlapped}");
            }
            ranges[name] = range;
        }
        string Range(string name) => ranges.TryGetValue(name, out var range) ? range.ToString()
            : throw Error(node.Start, $"networks lacks {name}");
        return new OwnNetworks(Range(FlockSpec.Worker), Range(FlockSpec.Api), Range(FlockSpec.Services));
    }

    private BundleSource Bundle(YamlNode node)
    {
        Uri? url = null;
        string? sha256 = null;
        foreach (var (_, value, name) in Entries(node, "bundle", "url", "sha256"))
        {
            if (name == "url")
            {
                url = Uri.TryCreate(Text(value, name), UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" ? parsed
                    : throw Error(value.Start, $"bundle.url must begin with http:// or https://, not '{value}'");
            }
            else
            {
                sha256 = Matching(value, "bundle.sha256", Sha256(), "64 hexadecimal digits").ToLowerInvariant();
            }
        }
        return url is not null && sha256 is not null ? new BundleSource(url, sha256) : throw Error(node.Start, "bundle needs url and sha256");
    }

    // Queue, database or image store. What is embedded is in a host's own files, and so of no use to several hosts. The URL is not
    // repeated in the message: it may hold a password.
    private string Address(FlockSpec flock, YamlNode node, string field, string scheme, string otherScheme, string embedded)
    {
        var url = Secret(node, field);
        string[] allowed = flock.IsLocal ? [scheme, otherScheme, embedded] : [scheme, otherScheme];
        return allowed.Any(start => url.StartsWith(start, StringComparison.Ordinal) && url.Length > start.Length) ? url
            : throw Error(node.Start, $"{field} must begin with {string.Join(" or ", allowed.Distinct())}" + (flock.IsLocal ? "" : " on a cloud"));
    }

    /// <summary>A text, or the place of a secret: <c>{env: NAME}</c> or <c>{file: PATH}</c>, whose content never stands in this file.</summary>
    private string Secret(YamlNode node, string field)
    {
        if (node is not YamlMappingNode)
        {
            return Text(node, field);
        }
        string? secret = null;
        foreach (var (_, value, name) in Entries(node, field, "env", "file"))
        {
            var place = Text(value, name);
            try
            {
                secret = name == "env" ? Environment.GetEnvironmentVariable(place) : File.ReadAllText(Home(place)).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Error(value.Start, $"{field}: {e.Message}");
            }
            if (string.IsNullOrEmpty(secret))
            {
                throw Error(value.Start, name == "env" ? $"{field}: the variable {place} is not set" : $"{field}: {place} is empty");
            }
        }
        return secret ?? throw Error(node.Start, $"{field} needs env or file");
    }

    private IReadOnlyList<string> Texts(YamlNode node, string field) =>
        node is YamlSequenceNode list ? [.. list.Children.Select(child => Text(child, field))] : [Text(node, field)];

    private bool YesOrNo(YamlNode node, string field) => Text(node, field) switch
    {
        "true" or "yes" => true,
        "false" or "no" => false,
        var other => throw Error(node.Start, $"{field} must be true or false, not '{other}'"),
    };

    private string Matching(YamlNode node, string field, Regex pattern, string must) =>
        Text(node, field) is var text && pattern.IsMatch(text) ? text : throw Error(node.Start, $"{field} must be {must}, not '{text}'");

    private static string Home(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path;

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex FlockName();

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256();
}
