using System.Text.Json;
using System.Text.Json.Serialization;
using Faafo.Fractals;
using Faafo.Nodes;
using Faafo.Queueing;

namespace Faafo;

/// <summary>The JSON of the wire: the original's names in snake case, written by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FractalTask))]
[JsonSerializable(typeof(Fractal))]
[JsonSerializable(typeof(FractalPage))]
[JsonSerializable(typeof(FractalResult))]
[JsonSerializable(typeof(NewFractal))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(QueueReport))]
[JsonSerializable(typeof(NodeReport))]
[JsonSerializable(typeof(NodeOrders))]
[JsonSerializable(typeof(IReadOnlyList<Node>))]
[JsonSerializable(typeof(GroupOrders))]
[JsonSerializable(typeof(IReadOnlyList<GroupOrders>))]
[JsonSerializable(typeof(LoadReport))]
public sealed partial class FaafoJson : JsonSerializerContext;

/// <summary>Enumerations as snake-case text.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
