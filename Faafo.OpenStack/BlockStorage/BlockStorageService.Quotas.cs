using System.Text.Json;

namespace Faafo.OpenStack.BlockStorage;

public partial class BlockStorageService
{
    /// <summary>
    /// Reads the quotas of a project and how much of them is used, by Cinder's names: <c>volumes</c>, <c>gigabytes</c>, <c>snapshots</c>,
    /// <c>backups</c>, <c>backup_gigabytes</c>, <c>groups</c>, <c>per_volume_gigabytes</c> (only a limit), and those of volume types, such
    /// as <c>gigabytes_fast</c>. "GET /v3/{project}/os-quota-sets/{project}?usage=true".
    /// </summary>
    public virtual async Task<IReadOnlyDictionary<string, QuotaUsage>> GetQuotaUsageAsync(
        string projectId, CancellationToken cancellationToken = default)
    {
        var path = new QueryString($"/os-quota-sets/{PathSegment.Of(projectId)}").Add("usage", true).ToString();
        var members = await _client.GetAsync(path, "quota_set", BlockStorageJson.Default.DictionaryStringJsonElement, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            // The member "id" is the project.
            return members.Where(member => member.Value.ValueKind == JsonValueKind.Object)
                .ToDictionary(member => member.Key, member => Json.Read(member.Value, null, BlockStorageJson.Default.QuotaUsage));
        }
        catch (JsonException e)
        {
            throw new MalformedAnswerException(ServiceType.BlockStorage, path, e);
        }
    }
}
