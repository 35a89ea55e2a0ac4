using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

public partial class ObjectStorageService
{
    /// <summary>
    /// Sets the key that signs temporary URLs of a container. "POST /v1/{account}/{container}", X-Container-Meta-Temp-URL-Key.
    /// </summary>
    public virtual async Task SetTempUrlKeyAsync(string container, string key, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", new Dictionary<string, string> { ["Temp-URL-Key"] = key });
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads the key of <see cref="SetTempUrlKeyAsync"/>; <c>null</c> when there is none, or when the login may not see it.
    /// </summary>
    public virtual async Task<string?> GetTempUrlKeyAsync(string container, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ContainerPath(container), cancellationToken).ConfigureAwait(false);
        return ObjectHeaders.Text(response, "X-Container-Meta-Temp-URL-Key") is { } key ? Uri.UnescapeDataString(key) : null;
    }

    /// <summary>
    /// Creates a URL that permits one method on one object for a limited time, without a login. It is a secret: do not log it.
    /// </summary>
    /// <param name="method">The method; GET also permits HEAD.</param>
    /// <param name="container">The container.</param>
    /// <param name="name">The object, which need not exist.</param>
    /// <param name="lifetime">How long the URL is valid.</param>
    /// <param name="key">The key of the container or of the account.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual async Task<Uri> CreateTempUrlAsync(
        HttpMethod method, string container, string name, TimeSpan lifetime, string key, CancellationToken cancellationToken = default)
    {
        var endpoint = await _client.Session.GetEndpointAsync(ServiceType.ObjectStore, cancellationToken).ConfigureAwait(false);
        var escaped = ObjectPath(container, name);
        var expires = (_client.Session.Options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeSeconds()
            .ToString(CultureInfo.InvariantCulture);

        // Swift signs the path as it is after decoding.
        var signed = $"{method}\n{expires}\n{Uri.UnescapeDataString(endpoint.AbsolutePath.TrimEnd('/'))}/{container}/{name}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)));
        return CloudSession.RawUri(endpoint, $"{escaped}?temp_url_sig={signature}&temp_url_expires={expires}");
    }
}
