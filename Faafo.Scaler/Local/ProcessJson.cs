using System.Text.Json.Serialization;

namespace Faafo.Scaler.Local;

[JsonSerializable(typeof(ProcessIdentity))]
internal sealed partial class ProcessJson : JsonSerializerContext;
