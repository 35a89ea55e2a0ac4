namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Reads the project's limits and what it uses of them. "GET /limits".</summary>
    public virtual async Task<ComputeLimits> GetLimitsAsync(CancellationToken cancellationToken = default) =>
        (await _client.GetAsync("/limits", "limits", ComputeJson.Default.LimitsReply, cancellationToken).ConfigureAwait(false)).Absolute;

    /// <summary>Reads the quotas of a project; -1 means unlimited. "GET /os-quota-sets/{project}".</summary>
    public virtual Task<ComputeQuotas> GetQuotasAsync(string projectId, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/os-quota-sets/{PathSegment.Of(projectId)}", "quota_set", ComputeJson.Default.ComputeQuotas, cancellationToken);
}
