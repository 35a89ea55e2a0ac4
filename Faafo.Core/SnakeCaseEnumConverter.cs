using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo;

/// <summary>Converts an enumeration to and from snake-case text.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
