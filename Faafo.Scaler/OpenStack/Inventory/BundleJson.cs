using System.Text.Json.Serialization;

namespace Faafo.Scaler.OpenStack.Inventory;

[JsonSerializable(typeof(StoredBundle))]
internal sealed partial class BundleJson : JsonSerializerContext;
