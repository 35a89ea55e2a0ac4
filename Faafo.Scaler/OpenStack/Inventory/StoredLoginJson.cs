using System.Text.Json.Serialization;
using Faafo.Scaler.OpenStack.CloudInit;

namespace Faafo.Scaler.OpenStack.Inventory;

[JsonSerializable(typeof(ApplicationLogin))]
internal sealed partial class StoredLoginJson : JsonSerializerContext;
