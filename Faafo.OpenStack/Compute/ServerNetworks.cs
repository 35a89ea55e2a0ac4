using System.Text.Json;

namespace Faafo.OpenStack.Compute;

/// <summary>The networks of a server.</summary>
public sealed record ServerNetworks
{
    private readonly string? _word;
    private readonly IReadOnlyList<(string Key, string Id)> _ports = [];

    private ServerNetworks(string word) => _word = word;

    private ServerNetworks(IReadOnlyList<(string Key, string Id)> ports) => _ports = ports;

    /// <summary>The project's only network; Nova rejects it if there are several.</summary>
    public static ServerNetworks Auto { get; } = new("auto");

    /// <summary>No network at all.</summary>
    public static ServerNetworks None { get; } = new("none");

    /// <summary>Requests a new port in each of these networks, by id.</summary>
    public static ServerNetworks Of(params IEnumerable<string> networkIds) => new([.. networkIds.Select(id => ("uuid", id))]);

    /// <summary>Uses existing ports, by id.</summary>
    public static ServerNetworks Ports(params IEnumerable<string> portIds) => new([.. portIds.Select(id => ("port", id))]);

    internal void Write(Utf8JsonWriter json)
    {
        if (_word is not null)
        {
            json.WriteString("networks", _word);
            return;
        }
        json.WriteStartArray("networks");
        foreach (var (key, id) in _ports)
        {
            json.WriteStartObject();
            json.WriteString(key, id);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
