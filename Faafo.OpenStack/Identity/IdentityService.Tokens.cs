using System.Text.Json;

namespace Faafo.OpenStack.Identity;

public partial class IdentityService
{
    /// <summary>
    /// Checks a token that a client presents, and reads whose it is. For services that accept Keystone's tokens: the session's user
    /// must be an administrator or have the role <c>service</c>, unless the token is its own. "GET /v3/auth/tokens" with X-Subject-Token.
    /// </summary>
    /// <param name="token">The token: any text, also an invalid one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>
    /// The token with its user, project, roles and expiry, without the catalog; <c>null</c> if it is expired, revoked or no token. So is
    /// one of an application credential with access rules, because this library does not enforce them.
    /// </returns>
    /// <exception cref="OpenStackApiException">403: the session's user may not validate the tokens of others.</exception>
    /// <exception cref="OpenStackException">Keystone did not say whether the token is valid.</exception>
    public virtual async Task<AuthToken?> ValidateTokenAsync(string token, CancellationToken cancellationToken = default)
    {
        if (token.Length == 0 || !token.All(letter => letter is > ' ' and <= '~'))
        {
            return null; // It could not even be sent in a header.
        }
        const string Path = "/auth/tokens?nocatalog=true";
        try
        {
            using var response = await _client.SendAsync(HttpMethod.Get, Path, null, cancellationToken, ("X-Subject-Token", token))
                .ConfigureAwait(false);
            using var document = await _client.ParseAsync(response, Path, cancellationToken).ConfigureAwait(false);
            return _client.Read(document, Path, "token", IdentityJson.Default.AuthToken) with { Id = token };
        }
        catch (NotFoundException e) when (IsKeystones(e.Body))
        {
            return null;
        }
    }

    // A proxy that answers 404 knows nothing of tokens.
    private static bool IsKeystones(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = Json.Member(document.RootElement, "error");
            return Json.Member(error, "code") is { ValueKind: JsonValueKind.Number } code && code.GetInt32() == 404;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false;
        }
    }
}
