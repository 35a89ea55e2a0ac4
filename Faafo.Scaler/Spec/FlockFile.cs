using Faafo.Options;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

/// <summary>
/// Reads flock.yaml. An unknown key is an error; errors have file, line, column, field and limit. Keys that the file omits keep
/// their defaults.
/// </summary>
/// <param name="path">The path of the file.</param>
/// <param name="cloud">The cloud of the command line, which overrides that of the file.</param>
/// <param name="balanced">Whether the command line asks for HAProxy on this host.</param>
internal sealed class FlockFile(string path, string? cloud = null, bool balanced = false)
{
    private static readonly string[] Keys =
        ["cloud", "interval", "transport_url", "database_url", "image_store_url", "groups", .. CloudFields.Keys];

    private readonly YamlFields _fields = new(path);
    private YamlNode? _root;

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">The file is unreadable or invalid.</exception>
    public FlockSpec Read()
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    /// <summary>Reads the content of the file.</summary>
    /// <exception cref="UsageException">The content is invalid.</exception>
    public FlockSpec Read(TextReader reader)
    {
        if (Parse(reader) is not { } root)
        {
            return FlockSpec.Of(cloud ?? FlockSpec.Local, balanced);
        }
        _root = root;
        var entries = _fields.Entries(root, "the file", Keys).ToArray();
        var flock = Defaults(entries);
        foreach (var (name, value) in entries)
        {
            flock = ReadKey(flock, name, value);
        }
        new CloudFields(_fields).Check(flock, root);
        return flock;
    }

    /// <summary>
    /// The place of a field such as <c>groups.api.flavor</c> at the last reading, or of the innermost part of it that the file has.
    /// </summary>
    public string PlaceOf(string field)
    {
        var place = _root;
        var node = _root;
        foreach (var part in field.Split('.'))
        {
            node = Child(node, part);
            place = node ?? place;
        }
        return $"{path}:{place?.Start.Line ?? 1}:{place?.Start.Column ?? 1}";
    }

    private static YamlNode? Child(YamlNode? node, string part) => node switch
    {
        YamlMappingNode mapping => mapping.Children.TryGetValue(new YamlScalarNode(part), out var value) ? value : null,
        YamlSequenceNode list => int.TryParse(part, out var index) ? list[index] : null,
        _ => null,
    };

    private YamlNode? Parse(TextReader reader)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(reader);
        }
        catch (YamlException e)
        {
            throw _fields.Error(e.Start, e.Message);
        }
        return yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : null;
    }

    // The cloud sets the defaults of everything else, wherever in the file it stands; so does a balancer on this host.
    private FlockSpec Defaults(IReadOnlyList<(string Name, YamlNode Value)> entries)
    {
        var ofFile = entries.FirstOrDefault(entry => entry.Name == "cloud").Value;
        var name = cloud ?? (ofFile is null ? FlockSpec.Local : _fields.Text(ofFile, "cloud"));
        var hasBalancer = balanced || entries.Any(entry => entry.Name == "lb" && _fields.Text(entry.Value, "lb") == "haproxy");
        return FlockSpec.Of(name, hasBalancer);
    }

    private FlockSpec ReadKey(FlockSpec flock, string name, YamlNode value) => name switch
    {
        "cloud" => flock,
        "interval" => flock with { Interval = _fields.Time(value, name, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)) },
        "transport_url" => flock with { TransportUrl = Url(flock, value, name, "sqlite:", "amqp://", "amqps://") },
        "database_url" => flock with { DatabaseUrl = Url(flock, value, name, "sqlite:", "postgresql://", "postgres://") },
        "image_store_url" => flock with { ImageStoreUrl = Url(flock, value, name, "file:", "swift:") },
        "groups" => new GroupFields(_fields).Read(flock, value),
        _ => new CloudFields(_fields).Read(flock, name, value),
    };

    // The embedded kinds keep their data in files of one host, so several hosts cannot share them. The error does not repeat the URL,
    // because it may hold a password.
    private string Url(FlockSpec flock, YamlNode node, string field, string embedded, params string[] schemes)
    {
        var url = _fields.Secret(node, field);
        string[] allowed = flock.IsLocal ? [.. schemes, embedded] : schemes;
        if (allowed.Any(scheme => url.StartsWith(scheme, StringComparison.Ordinal) && url.Length > scheme.Length))
        {
            return url;
        }
        throw _fields.Error(node.Start, $"{field} must begin with {string.Join(" or ", allowed)}{(flock.IsLocal ? "" : " on a cloud")}");
    }
}
