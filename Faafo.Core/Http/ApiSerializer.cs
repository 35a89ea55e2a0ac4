using System.Reflection;
using System.Text.Json;
using Faafo.Fractals;
using Faafo.Nodes;
using Refit;

namespace Faafo.Http;

/// <summary>
/// Reads and writes the API's bodies with the generated code of <see cref="FaafoJson"/>. JSON that lacks what every API of Faafo sends is
/// rejected like a body that is not JSON.
/// </summary>
internal sealed class ApiSerializer : IHttpContentSerializer, ISynchronousContentSerializer
{
    private readonly SystemTextJsonContentSerializer _json = new(FaafoJson.Default.Options);

    /// <inheritdoc/>
    public HttpContent ToHttpContent<T>(T item) => _json.ToHttpContent(item);

    /// <inheritdoc/>
    public HttpContent ToHttpContentSynchronous<T>(T item) => _json.ToHttpContentSynchronous(item);

    /// <inheritdoc/>
    public HttpContent ToStreamingHttpContent<T>(T item) => _json.ToStreamingHttpContent(item);

    /// <inheritdoc/>
    public async Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default)
    {
        var value = await _json.FromHttpContentAsync<T>(content, cancellationToken);
        return IsComplete(value) ? value : throw new JsonException("the response lacks fields");
    }

    /// <inheritdoc/>
    public string? GetFieldNameForProperty(PropertyInfo propertyInfo) => _json.GetFieldNameForProperty(propertyInfo);

    private static bool IsComplete(object? value) => value switch
    {
        null => false,
        FractalPage page => page.Objects?.All(fractal => fractal is not null) is true,
        IReadOnlyList<Node> nodes => nodes.All(node => node is { Name: not null, Report: not null }),
        IReadOnlyList<GroupOverrides> groups => groups.All(group => group is { Group: not null }),
        GroupOverrides overrides => overrides.Group is not null,
        _ => true,
    };
}
