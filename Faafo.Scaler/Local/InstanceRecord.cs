using System.Text.Json.Serialization;

namespace Faafo.Scaler.Local;

/// <summary>The record of a local instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="Endpoint">The flock's API.</param>
/// <param name="Own">Where this instance itself listens: an API, or HAProxy's statistics.</param>
/// <param name="TemplateHash">A short hash of what it was made from.</param>
internal sealed record InstanceRecord(string Id, string Name, string Group, DateTimeOffset CreatedAt, Uri? Endpoint, Uri? Own = null,
    [property: JsonPropertyName("Spec")] string? TemplateHash = null);
