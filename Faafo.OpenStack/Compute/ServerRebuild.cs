using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>The rebuild of a server: a new root disk, and optionally other properties; <c>null</c> leaves a property unchanged.</summary>
/// <param name="ImageId">
/// The image. Nova accepts only the image that it has for a server that boots from a volume, and leaves the volume as it is.
/// </param>
public sealed record ServerRebuild([property: JsonPropertyName("imageRef")] string ImageId)
{
    /// <summary>The name: 1 to 255 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Free text of at most 255 characters (from microversion 2.19 on).</summary>
    public string? Description { get; init; }

    /// <summary>The metadata, which replaces the previous one.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The name of the key pair (from microversion 2.54 on).</summary>
    public string? KeyName { get; init; }

    /// <summary>The input of cloud-init (from microversion 2.57 on).</summary>
    [JsonIgnore]
    public UserData? UserData { get; init; }

    [JsonInclude, JsonPropertyName("user_data")]
    internal string? EncodedUserData => UserData?.Encoded;
}
