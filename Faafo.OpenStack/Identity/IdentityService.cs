namespace Faafo.OpenStack.Identity;

/// <summary>Keystone: application credentials. The login itself is part of <see cref="CloudSession"/>.</summary>
public class IdentityService
{
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected IdentityService()
    {
        _client = null!;
    }

    internal IdentityService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Identity);

    /// <summary>Lists the application credentials of the current user. "GET /users/{user}/application_credentials".</summary>
    /// <param name="name">The name; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public virtual async IAsyncEnumerable<ApplicationCredentialInfo> ListApplicationCredentialsAsync(
        string? name = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = new QueryString(await PathAsync(cancellationToken).ConfigureAwait(false)).Add("name", name).ToString();
        var all = _client.ListAsync(path, "application_credentials", IdentityJson.Default.ApplicationCredentialInfo, cancellationToken);
        await foreach (var one in all.ConfigureAwait(false))
        {
            yield return one;
        }
    }

    /// <summary>
    /// Creates an application credential in the session's project. "POST /users/{user}/application_credentials".
    /// </summary>
    /// <returns>The credential with its secret, which Keystone does not show again.</returns>
    /// <exception cref="ConflictException">The user already has one with that name.</exception>
    /// <exception cref="OpenStackApiException">403: the session itself uses a restricted application credential.</exception>
    public virtual async Task<ApplicationCredentialInfo> CreateApplicationCredentialAsync(
        NewApplicationCredential credential, CancellationToken cancellationToken = default) => await _client.SendAsync(
        HttpMethod.Post,
        await PathAsync(cancellationToken).ConfigureAwait(false),
        Json.Write("application_credential", credential, IdentityJson.Default.NewApplicationCredential),
        "application_credential",
        IdentityJson.Default.ApplicationCredentialInfo,
        cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes an application credential and revokes its tokens. "DELETE /users/{user}/application_credentials/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual async Task<bool> DeleteApplicationCredentialAsync(string id, CancellationToken cancellationToken = default)
    {
        var segment = PathSegment.Of(id);
        var path = await PathAsync(cancellationToken).ConfigureAwait(false);
        return await _client.DeleteAsync($"{path}/{segment}", cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> PathAsync(CancellationToken cancellationToken)
    {
        var token = await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        return PathSegment.IsValid(token.User?.Id)
            ? $"/users/{PathSegment.Of(token.User.Id)}/application_credentials"
            : throw new OpenStackException("the token names no user, who owns application credentials: log in as a user");
    }
}
