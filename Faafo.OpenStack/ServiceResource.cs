using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack;

/// <summary>A resource of a service, as it was read.</summary>
public abstract record ServiceResource
{
    private JsonElement _rawJson;

    /// <summary>
    /// The resource as the service sent it, with the fields that this library has no property for; undefined
    /// (<see cref="JsonValueKind.Undefined"/>) if it was not read from a service. It is not compared.
    /// </summary>
    [JsonIgnore]
    public JsonElement RawJson
    {
        get => _rawJson;
        init => Keep(value);
    }

    /// <summary>Compares the type; derived records compare their own properties.</summary>
    public virtual bool Equals(ServiceResource? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();

    // The document of the response is short-lived.
    internal void Keep(JsonElement json) => _rawJson = json.ValueKind == JsonValueKind.Undefined ? json : json.Clone();

    /// <summary>Prints nothing: derived records print their own properties.</summary>
    protected virtual bool PrintMembers(StringBuilder builder) => false;
}
