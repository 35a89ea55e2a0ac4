using System.Text.Json;

namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    /// <summary>
    /// Reads the quotas of a project and how much of them is used, by Neutron's names: <c>network</c>, <c>subnet</c>, <c>port</c>,
    /// <c>router</c>, <c>floatingip</c>, <c>security_group</c>, <c>security_group_rule</c> and those of extensions.
    /// "GET /quotas/{project}/details".
    /// </summary>
    /// <exception cref="OpenStackApiException">404: the cloud lacks the extension quota_details; 403: only administrators may
    /// ask.</exception>
    public virtual async Task<IReadOnlyDictionary<string, QuotaUsage>> GetQuotaUsageAsync(
        string projectId, CancellationToken cancellationToken = default)
    {
        var path = $"/quotas/{PathSegment.Of(projectId)}/details";
        var members = await _client.GetAsync(path, "quota", NetworkingJson.Default.DictionaryStringJsonElement, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return members.Where(member => member.Value.ValueKind == JsonValueKind.Object)
                .ToDictionary(
                    member => member.Key,
                    member => Json.Guard(() => Json.Read(member.Value, null, NetworkingJson.Default.QuotaUsage)));
        }
        catch (JsonException e)
        {
            throw new MalformedAnswerException(ServiceType.Network, path, e);
        }
    }
}
