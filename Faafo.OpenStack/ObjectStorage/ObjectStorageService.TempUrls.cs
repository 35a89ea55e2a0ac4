using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Faafo.OpenStack.ObjectStorage;

public sealed partial class ObjectStorageService
{
    /// <summary>
    /// Sets the key that temporary URLs of a container are signed with. "POST /v1/{account}/{container}", X-Container-Meta-Temp-URL-Key.
    /// </summary>
    public async Task SetTempUrlKeyAsync(string container, string key, CancellationToken cancellationToken = default)
    {
        using var request = await RequestAsync(HttpMethod.Post, ContainerPath(container), cancellationToken).ConfigureAwait(false);
        ObjectHeaders.WriteMetadata(request, "X-Container-Meta-", new Dictionary<string, string> { ["Temp-URL-Key"] = key });
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The key of <see cref="SetTempUrlKeyAsync"/>; <c>null</c> when there is none, or when it is not for us to see.</summary>
    public async Task<string?> GetTempUrlKeyAsync(string container, CancellationToken cancellationToken = default)
    {
        using var response = await HeadAsync(ContainerPath(container), cancellationToken).ConfigureAwait(false);
        return ObjectHeaders.Text(response, "X-Container-Meta-Temp-URL-Key") is { } key ? Uri.UnescapeDataString(key) : null;
    }

    /// <summary>
    /// An address that lets whoever has it do one thing to one object for some time, without a login. Whoever sees it may use it: do not log it.
    /// </summary>
    /// <param name="method">GET also allows HEAD.</param>
    /// <param name="container">The container.</param>
    /// <param name="name">The object, which need not exist.</param>
    /// <param name="lifetime">How long the address is good.</param>
    /// <param name="key">The key of the container or of the account.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Uri> CreateTempUrlAsync(
        HttpMethod method, string container, string name, TimeSpan lifetime, string key, CancellationToken cancellationToken = default)
    {
        var endpoint = await _client.Session.GetEndpointAsync(ServiceType.ObjectStore, cancellationToken).ConfigureAwait(false);
        var escaped = ObjectPath(container, name);
        var expires = (_client.Session.Options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        // Swift signs the path as it is after decoding.
        var signed = $"{method}\n{expires}\n{Uri.UnescapeDataString(endpoint.AbsolutePath.TrimEnd('/'))}/{container}/{name}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)));
        return CloudSession.RawUri(endpoint, $"{escaped}?temp_url_sig={signature}&temp_url_expires={expires}");
    }
}
