namespace Faafo.OpenStack.Identity;

/// <summary>Keystone: application credentials, the logins of programs. The login itself is the session's.</summary>
public sealed class IdentityService
{
    private readonly ServiceClient _client;

    internal IdentityService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Identity);

    /// <summary>Lists the application credentials of the user that is logged in. "GET /users/{user}/application_credentials".</summary>
    /// <param name="name">Only the one of this name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ApplicationCredentialInfo> ListApplicationCredentialsAsync(
        string? name = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = new QueryString(await PathAsync(cancellationToken).ConfigureAwait(false)).Add("name", name).ToString();
        await foreach (var one in _client.ListAsync(
            path, "application_credentials", IdentityJson.Default.ApplicationCredentialInfo, cancellationToken).ConfigureAwait(false))
        {
            yield return one;
        }
    }

    /// <summary>
    /// Makes an application credential in the session's project. "POST /users/{user}/application_credentials".
    /// </summary>
    /// <returns>It with its secret, which Keystone never shows again.</returns>
    /// <exception cref="ConflictException">The user has one of that name.</exception>
    /// <exception cref="OpenStackApiException">403: the session itself is one of a restricted application credential.</exception>
    public async Task<ApplicationCredentialInfo> CreateApplicationCredentialAsync(
        NewApplicationCredential credential, CancellationToken cancellationToken = default) => await _client.SendAsync(
        HttpMethod.Post,
        await PathAsync(cancellationToken).ConfigureAwait(false),
        Json.Write("application_credential", credential, IdentityJson.Default.NewApplicationCredential),
        "application_credential",
        IdentityJson.Default.ApplicationCredentialInfo,
        cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes an application credential; its tokens end with it. "DELETE /users/{user}/application_credentials/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> DeleteApplicationCredentialAsync(string id, CancellationToken cancellationToken = default) =>
        await _client.DeleteAsync($"{await PathAsync(cancellationToken).ConfigureAwait(false)}/{id}", cancellationToken).ConfigureAwait(false);

    private async Task<string> PathAsync(CancellationToken cancellationToken)
    {
        var token = await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        return $"/users/{token.User?.Id}/application_credentials";
    }
}
