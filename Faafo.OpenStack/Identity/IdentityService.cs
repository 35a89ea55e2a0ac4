namespace Faafo.OpenStack.Identity;

/// <summary>
/// Keystone: application credentials and the validation of tokens. The login itself is part of <see cref="CloudSession"/>.
/// </summary>
public partial class IdentityService
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

    /// <summary>Reads an application credential of the current user. "GET /users/{user}/application_credentials/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such credential.</exception>
    public virtual async Task<ApplicationCredentialInfo> GetApplicationCredentialAsync(
        string id, CancellationToken cancellationToken = default)
    {
        var path = await PathAsync(cancellationToken).ConfigureAwait(false);
        return await _client.GetAsync(
            $"{path}/{PathSegment.Of(id)}", "application_credential", IdentityJson.Default.ApplicationCredentialInfo, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Creates an application credential in the session's project. "POST /users/{user}/application_credentials".
    /// </summary>
    /// <returns>The credential with its secret, which Keystone does not show again.</returns>
    /// <exception cref="ArgumentException">The list of access rules is empty, which Keystone takes for "no limit".</exception>
    /// <exception cref="ConflictException">The user already has one with that name.</exception>
    /// <exception cref="OpenStackApiException">403: the session itself uses a restricted application credential.</exception>
    public virtual async Task<ApplicationCredentialInfo> CreateApplicationCredentialAsync(
        NewApplicationCredential credential, CancellationToken cancellationToken = default)
    {
        if (credential.AccessRules is { Count: 0 })
        {
            throw new ArgumentException(
                "access rules must not be empty, which Keystone takes for \"no limit\": leave them null, or list what is allowed",
                nameof(credential));
        }
        return await _client.SendAsync(
            HttpMethod.Post,
            await PathAsync(cancellationToken).ConfigureAwait(false),
            Json.Write("application_credential", credential, IdentityJson.Default.NewApplicationCredential),
            "application_credential",
            IdentityJson.Default.ApplicationCredentialInfo,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes an application credential and revokes its tokens. "DELETE /users/{user}/application_credentials/{id}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual async Task<bool> DeleteApplicationCredentialAsync(string id, CancellationToken cancellationToken = default)
    {
        var segment = PathSegment.Of(id);
        var path = await PathAsync(cancellationToken).ConfigureAwait(false);
        return await _client.DeleteAsync($"{path}/{segment}", cancellationToken).ConfigureAwait(false);
    }

    private Task<string> PathAsync(CancellationToken cancellationToken) => UserPathAsync("application_credentials", cancellationToken);

    private async Task<string> UserPathAsync(string collection, CancellationToken cancellationToken)
    {
        var token = await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        return PathSegment.IsValid(token.User?.Id)
            ? $"/users/{PathSegment.Of(token.User.Id)}/{collection}"
            : throw new OpenStackException("the token names no user, who owns application credentials: log in as a user");
    }
}
