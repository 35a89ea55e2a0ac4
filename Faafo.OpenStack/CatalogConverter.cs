using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>
/// Reads the catalog of a token entry by entry: one that is malformed prevents neither the login nor the use of the others, and is named
/// when its service is used.
/// </summary>
internal sealed class CatalogConverter : JsonConverter<ServiceCatalog>
{
    public override bool HandleNull => true;

    public override ServiceCatalog Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var services = new List<CatalogService>();
        var unreadable = new List<UnreadableCatalogEntry>();
        var list = document.RootElement;
        if (list.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null))
        {
            unreadable.Add(new(null, "the catalog is not a list"));
        }
        foreach (var (service, index) in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select((one, i) => (one, i)) : [])
        {
            var name = Json.Text(service, "name");
            if (Json.Text(service, "type") is not { Length: > 0 } type)
            {
                unreadable.Add(new(null, $"service {index + 1}{(name is null ? "" : $" ('{name}')")} has no type"));
                continue;
            }
            services.Add(new CatalogService { Type = type, Name = name, Endpoints = ReadEndpoints(service, type, unreadable) });
        }
        return new ServiceCatalog(services) { UnreadableEntries = unreadable };
    }

    public override void Write(Utf8JsonWriter writer, ServiceCatalog value, JsonSerializerOptions options) =>
        throw new NotSupportedException("a catalog is only read");

    private static List<CatalogEndpoint> ReadEndpoints(JsonElement service, string type, List<UnreadableCatalogEntry> unreadable)
    {
        var read = new List<CatalogEndpoint>();
        if (!service.TryGetProperty("endpoints", out var endpoints) || endpoints.ValueKind != JsonValueKind.Array)
        {
            unreadable.Add(new(type, $"{type} has no list of endpoints"));
            return read;
        }
        foreach (var endpoint in endpoints.EnumerateArray())
        {
            var url = Json.Text(endpoint, "url");
            if (Json.Text(endpoint, "interface") is not { Length: > 0 } face)
            {
                unreadable.Add(new(type, $"an endpoint of {type} has no interface (url '{url}')"));
                continue;
            }
            read.Add(new CatalogEndpoint
            {
                Interface = face,
                Url = url ?? "",
                RegionId = Json.Text(endpoint, "region_id"),
                Region = Json.Text(endpoint, "region"),
            });
        }
        return read;
    }
}
