using System.Text.Json.Serialization;
using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo;

/// <summary>
/// The JSON of the API and the queue, written by generated code: snake case, with the names of the original Faafo
/// (openstack-archive/faafo).
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FractalTask))]
[JsonSerializable(typeof(Fractal))]
[JsonSerializable(typeof(FractalPage))]
[JsonSerializable(typeof(FractalResult))]
[JsonSerializable(typeof(NewFractal))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(QueueReport))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(HeartbeatResponse))]
[JsonSerializable(typeof(IReadOnlyList<Node>))]
[JsonSerializable(typeof(GroupOverrides))]
[JsonSerializable(typeof(IReadOnlyList<GroupOverrides>))]
[JsonSerializable(typeof(LoadReport))]
public sealed partial class FaafoJson : JsonSerializerContext;
