using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.LoadBalancing;

/// <summary>Writes <see cref="SessionPersistence.None"/> as <c>null</c>, with which Octavia removes the persistence of a pool.</summary>
internal sealed class ClearableSessionPersistenceConverter : JsonConverter<SessionPersistence>
{
    public override SessionPersistence? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, LoadBalancingJson.Default.SessionPersistence);

    public override void Write(Utf8JsonWriter writer, SessionPersistence value, JsonSerializerOptions options)
    {
        if (value == SessionPersistence.None)
        {
            writer.WriteNullValue();
        }
        else
        {
            JsonSerializer.Serialize(writer, value, LoadBalancingJson.Default.SessionPersistence);
        }
    }
}
