using System.Text.Json.Serialization;

namespace Faafo.OpenStack.BlockStorage;

/// <summary>A type of volumes: where and how the cloud stores them.</summary>
public sealed record VolumeType : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, by which <see cref="NewVolume.VolumeType"/> selects it.</summary>
    public required string Name { get; init; }

    /// <summary>Free text.</summary>
    public string? Description { get; init; }

    /// <summary>Whether all projects may use it.</summary>
    [JsonConverter(typeof(NullAsFalseConverter))]
    public bool IsPublic { get; init; }

    /// <summary>What the type promises, such as <c>multiattach</c> with the value <c>&lt;is&gt; True</c>.</summary>
    public IReadOnlyDictionary<string, string> ExtraSpecs { get => field ?? new Dictionary<string, string>(); init; }
}
