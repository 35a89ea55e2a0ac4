using System.Text.Json.Serialization;

namespace Faafo.Scaler.OpenStack.Provision;

[JsonSerializable(typeof(StoredBundle))]
internal sealed partial class BundleJson : JsonSerializerContext;
