using System.Text.Json.Serialization;

namespace Faafo.OpenStack.ObjectStorage;

internal sealed record BulkDeleteReply
{
    [JsonPropertyName("Number Deleted")]
    public int Deleted { get; init; }

    [JsonPropertyName("Number Not Found")]
    public int NotFound { get; init; }

    [JsonPropertyName("Errors")]
    public string[][]? Errors { get; init; }

    [JsonPropertyName("Response Status")]
    public string? Status { get; init; }

    [JsonPropertyName("Response Body")]
    public string? Body { get; init; }
}
