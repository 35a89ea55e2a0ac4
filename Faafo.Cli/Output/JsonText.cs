using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Faafo.Cli.Output;

/// <summary>Writes JSON documents to stdout with the generated code of <see cref="FaafoJson"/>.</summary>
internal static class JsonText
{
    /// <summary>Writes a document, indented for people, and a line feed.</summary>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type) =>
        Write(output, json => JsonSerializer.Serialize(json, value, type));

    /// <summary>Writes the document that <paramref name="write"/> composes, and a line feed.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write, bool indented = true)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented }))
        {
            write(json);
        }
        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }
}
