using System.Buffers;
using System.Text.Json;

namespace Faafo.OpenStack.Images;

/// <summary>Writes the changes of an image as Glance's form of a JSON patch.</summary>
internal static class ImagePatch
{
    public const string MediaType = "application/openstack-images-v2.1-json-patch";

    public static byte[] Write(ImageUpdate update)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            WriteChanges(json, update);
            json.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteChanges(Utf8JsonWriter json, ImageUpdate update)
    {
        WriteText(json, "replace", "name", update.Name);
        WriteText(json, "replace", "visibility", update.Visibility?.Value);
        WriteNumber(json, "min_disk", update.MinDisk);
        WriteNumber(json, "min_ram", update.MinRam);
        WriteFlag(json, "protected", update.IsProtected);
        WriteFlag(json, "os_hidden", update.IsHidden);
        if (update.Tags is { } tags)
        {
            Start(json, "replace", "tags");
            json.WriteStartArray("value");
            foreach (var tag in tags)
            {
                json.WriteStringValue(tag);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        foreach (var (name, value) in update.Properties ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                Start(json, "remove", name);
                json.WriteEndObject();
            }

            // "add" also replaces (glance/api/v2/images.py, _do_add).
            WriteText(json, "add", name, value);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string operation, string name, string? value)
    {
        if (value is not null)
        {
            Start(json, operation, name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            Start(json, "replace", name);
            json.WriteNumber("value", number);
            json.WriteEndObject();
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag)
        {
            Start(json, "replace", name);
            json.WriteBoolean("value", flag);
            json.WriteEndObject();
        }
    }

    private static void Start(Utf8JsonWriter json, string operation, string name)
    {
        json.WriteStartObject();
        json.WriteString("op", operation);
        json.WriteString("path", "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
    }
}
