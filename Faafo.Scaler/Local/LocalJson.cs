namespace Faafo.Scaler.Local;

[System.Text.Json.Serialization.JsonSerializable(typeof(InstanceRecord))]
internal sealed partial class LocalJson : System.Text.Json.Serialization.JsonSerializerContext;
