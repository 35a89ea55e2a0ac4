using System.Text;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

internal sealed record CreatedServer
{
    public required string Id { get; init; }

    [JsonPropertyName("adminPass")]
    public string? AdminPass { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}");
        return true;
    }
}
