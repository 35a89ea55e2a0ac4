using System.Text.Json.Serialization;

namespace Faafo.Scaler.OpenStack.Provision;

[JsonSerializable(typeof(ApplicationLogin))]
internal sealed partial class SecretStoreJson : JsonSerializerContext;
