using System.Text.Json.Serialization;

namespace Faafo.OpenStack.KeyManagement;

internal sealed record SecretReference([property: JsonPropertyName("secret_ref")] string Reference);
