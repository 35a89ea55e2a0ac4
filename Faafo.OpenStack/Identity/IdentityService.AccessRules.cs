using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Identity;

public partial class IdentityService
{
    /// <summary>
    /// Lists the access rules of the current user's application credentials; Keystone keeps them when a credential is deleted.
    /// "GET /users/{user}/access_rules".
    /// </summary>
    public virtual async IAsyncEnumerable<AccessRule> ListAccessRulesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = await UserPathAsync("access_rules", cancellationToken).ConfigureAwait(false);
        var all = _client.ListAsync(path, "access_rules", IdentityJson.Default.AccessRule, cancellationToken);
        await foreach (var rule in all.ConfigureAwait(false))
        {
            yield return rule;
        }
    }

    /// <summary>Deletes an access rule that no application credential uses. "DELETE /users/{user}/access_rules/{id}".</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="OpenStackApiException">403: an application credential still uses it.</exception>
    public virtual async Task<bool> DeleteAccessRuleAsync(string id, CancellationToken cancellationToken = default)
    {
        var path = await UserPathAsync("access_rules", cancellationToken).ConfigureAwait(false);
        return await _client.DeleteAsync($"{path}/{PathSegment.Of(id)}", cancellationToken).ConfigureAwait(false);
    }
}
