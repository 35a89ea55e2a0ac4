using System.Text.Json.Serialization;

namespace Faafo.OpenStack.ObjectStorage;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTimestampConverter)])]
[JsonSerializable(typeof(Container[]))]
[JsonSerializable(typeof(ObjectItem[]))]
[JsonSerializable(typeof(BulkDeleteReply))]
[JsonSerializable(typeof(List<Segment>))]
internal sealed partial class ObjectStorageJson : JsonSerializerContext;
