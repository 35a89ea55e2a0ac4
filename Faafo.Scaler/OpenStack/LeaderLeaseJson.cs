using System.Text.Json.Serialization;

namespace Faafo.Scaler.OpenStack;

[JsonSerializable(typeof(LeaseHolder))]
internal sealed partial class LeaderLeaseJson : JsonSerializerContext;
