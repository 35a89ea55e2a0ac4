namespace Faafo.OpenStack.KeyManagement;

/// <summary>Barbican: secrets, such as the certificates of load balancers.</summary>
public class KeyManagementService
{
    private const int PageSize = 100; // Barbican's limit; its default is 10.
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected KeyManagementService()
    {
        _client = null!;
    }

    internal KeyManagementService(CloudSession session) => _client = new ServiceClient(session, ServiceType.KeyManager);

    /// <summary>Lists the project's secrets, without payloads. "GET /v1/secrets".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual IAsyncEnumerable<Secret> ListSecretsAsync(string? name = null, CancellationToken cancellationToken = default) =>
        _client.ListAsync(
            new QueryString("/secrets").Add("limit", PageSize).Add("name", name).ToString(),
            "secrets",
            KeyManagementJson.Default.Secret,
            cancellationToken)
        .Where(secret => name is null || secret.Name == name);

    /// <summary>Reads a secret's properties. "GET /v1/secrets/{id}".</summary>
    /// <param name="idOrReference">The id, or <see cref="Secret.Reference"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="NotFoundException">There is no such secret.</exception>
    public virtual Task<Secret> GetSecretAsync(string idOrReference, CancellationToken cancellationToken = default) =>
        _client.GetAsync(SecretPath(idOrReference), null, KeyManagementJson.Default.Secret, cancellationToken);

    /// <summary>Finds a secret by name or id; the name must be unique.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual async Task<Secret> FindSecretAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        Guid.TryParse(nameOrId, out _)
            ? await GetSecretAsync(nameOrId, cancellationToken).ConfigureAwait(false)
            : await NameLookup.FindAsync(
                "secret",
                nameOrId,
                (_, _) => throw new NameNotFoundException("secret", nameOrId),
                ListSecretsAsync(nameOrId, cancellationToken),
                secret => secret.Name,
                secret => secret.Id,
                cancellationToken).ConfigureAwait(false);

    /// <summary>Stores a secret. "POST /v1/secrets".</summary>
    public virtual async Task<Secret> CreateSecretAsync(NewSecret secret, CancellationToken cancellationToken = default)
    {
        var created = await _client.SendAsync(
            HttpMethod.Post, "/secrets", secret.ToJson(), null, KeyManagementJson.Default.SecretReference, cancellationToken)
                .ConfigureAwait(false);
        return await GetSecretAsync(created.Reference, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the payload of a secret. "GET /v1/secrets/{id}/payload".</summary>
    /// <param name="idOrReference">The id, or <see cref="Secret.Reference"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="NotFoundException">There is no such secret, or it has no payload.</exception>
    public virtual async Task<byte[]> GetSecretPayloadAsync(string idOrReference, CancellationToken cancellationToken = default)
    {
        // Barbican returns the payload only as the media type that it was stored with.
        var secret = await GetSecretAsync(idOrReference, cancellationToken).ConfigureAwait(false);
        using var request = await _client.RequestAsync(HttpMethod.Get, SecretPath(idOrReference) + "/payload", cancellationToken)
            .ConfigureAwait(false);
        request.Headers.Remove("Accept");
        request.Headers.TryAddWithoutValidation("Accept", secret.ContentType ?? "application/octet-stream");
        using var response = await _client.Session.SendAsync(request, new RequestContext(ServiceType.KeyManager), cancellationToken)
            .ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes a secret. "DELETE /v1/secrets/{id}".</summary>
    /// <param name="idOrReference">The id, or <see cref="Secret.Reference"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteSecretAsync(string idOrReference, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(SecretPath(idOrReference), cancellationToken);

    private static string SecretPath(string idOrReference)
    {
        ArgumentException.ThrowIfNullOrEmpty(idOrReference);
        var id = idOrReference[(idOrReference.LastIndexOf('/') + 1)..];
        return Guid.TryParse(id, out _)
            ? $"/secrets/{id}"
            : throw new ArgumentException(
                $"'{idOrReference}' is not a secret: use its id or its reference, which ends in the id", nameof(idOrReference));
    }
}
