using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Networking;

public partial class NetworkingService
{
    private static readonly TimeSpan PortTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Lists the project's security groups. "GET /security-groups".</summary>
    /// <param name="name">Filters by name.</param>
    /// <param name="projectId">The project; <c>null</c> for the session's own, also for an administrator.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual async IAsyncEnumerable<SecurityGroup> ListSecurityGroupsAsync(
        string? name = null,
        string? projectId = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // An administrator sees the groups of all projects, each of which has one named "default".
        projectId ??= (await _client.Session.GetTokenAsync(cancellationToken).ConfigureAwait(false)).Project?.Id;
        var query = new QueryString("/security-groups").Add("name", name);
        var all = _client.ListAsync(
            query, projectId, one => one.ProjectId, "security_groups", NetworkingJson.Default.SecurityGroup, cancellationToken);
        await foreach (var group in all.ConfigureAwait(false))
        {
            yield return group;
        }
    }

    /// <summary>Reads a security group. "GET /security-groups/{id}".</summary>
    public virtual Task<SecurityGroup> GetSecurityGroupAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync(
            $"/security-groups/{PathSegment.Of(id)}", "security_group", NetworkingJson.Default.SecurityGroup, cancellationToken);

    /// <summary>Finds a security group of the project by name or id; the name must be unique.</summary>
    public virtual Task<SecurityGroup> FindSecurityGroupAsync(
        string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "security group",
        nameOrId,
        GetSecurityGroupAsync,
        ListSecurityGroupsAsync(nameOrId, cancellationToken: cancellationToken),
        group => group.Name,
        group => group.Id,
        cancellationToken);

    /// <summary>Creates a security group, which allows all egress and no ingress. "POST /security-groups".</summary>
    public virtual Task<SecurityGroup> CreateSecurityGroupAsync(
        string name, string description = "", CancellationToken cancellationToken = default) => PostAsync(
        "/security-groups",
        "security_group",
        new NewSecurityGroup(name, description),
        NetworkingJson.Default.NewSecurityGroup,
        NetworkingJson.Default.SecurityGroup,
        cancellationToken);

    /// <summary>
    /// Finds or creates a security group, and adds the rules that it lacks. Concurrent callers of one client get the same group, although
    /// Neutron would create one for each.
    /// </summary>
    /// <exception cref="AmbiguousNameException">Several groups of that name existed before.</exception>
    public virtual Task<SecurityGroup> GetOrCreateSecurityGroupAsync(
        string name, IEnumerable<NewSecurityGroupRule> rules, CancellationToken cancellationToken = default) =>
        GetOrCreateSecurityGroupAsync(name, "", rules, cancellationToken);

    /// <summary>The same; a new group gets a description.</summary>
    /// <exception cref="AmbiguousNameException">Several groups of that name existed before.</exception>
    public virtual async Task<SecurityGroup> GetOrCreateSecurityGroupAsync(
        string name, string description, IEnumerable<NewSecurityGroupRule> rules, CancellationToken cancellationToken = default)
    {
        var group = await FindOrCreateAsync(name, description, cancellationToken).ConfigureAwait(false);
        foreach (var rule in rules.Where(rule => !group.Rules.Any(rule.IsSatisfiedBy)))
        {
            await AddSecurityGroupRuleAsync(group.Id, rule, cancellationToken).ConfigureAwait(false);
        }
        return await GetSecurityGroupAsync(group.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds a rule. "POST /security-group-rules".</summary>
    /// <returns>False when the group had it already.</returns>
    public virtual async Task<bool> AddSecurityGroupRuleAsync(
        string groupId, NewSecurityGroupRule rule, CancellationToken cancellationToken = default)
    {
        var body = new RuleBody(
            groupId, rule.Direction, rule.EtherType, rule.Protocol, rule.PortRangeMin, rule.PortRangeMax, rule.RemoteIpPrefix,
            rule.RemoteGroupId);
        try
        {
            await PostAsync(
                "/security-group-rules", "security_group_rule", body, NetworkingJson.Default.RuleBody,
                NetworkingJson.Default.SecurityGroupRule, cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (ConflictException e) when (e.ErrorType == "SecurityGroupRuleExists")
        {
            return false;
        }
    }

    /// <summary>Deletes a rule. "DELETE /security-group-rules/{id}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteSecurityGroupRuleAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/security-group-rules/{PathSegment.Of(id)}", cancellationToken);

    /// <summary>
    /// Deletes a security group. Ports are deleted some time after their server, so the deletion is retried while the group is in use.
    /// "DELETE /security-groups/{id}".
    /// </summary>
    /// <param name="id">The group.</param>
    /// <param name="patience">How long to retry while the group is in use; <c>null</c> for a minute.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False when it did not exist.</returns>
    /// <exception cref="ConflictException">The group is still in use.</exception>
    public virtual Task<bool> DeleteSecurityGroupAsync(string id, TimeSpan? patience = null,
        CancellationToken cancellationToken = default) =>
        _client.Poller.RetryAsync(
            patience ?? PortTimeout,
            token => _client.DeleteAsync($"/security-groups/{PathSegment.Of(id)}", token),
            e => e is ConflictException { ErrorType: "SecurityGroupInUse" },
            cancellationToken);

    /// <summary>Callers of one client take turns; between concurrent programs the oldest group wins.</summary>
    private async Task<SecurityGroup> FindOrCreateAsync(string name, string description, CancellationToken cancellationToken)
    {
        await _takingTurns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = await NamedAsync(name, cancellationToken).ConfigureAwait(false);
            return found.Count switch
            {
                0 => await CreateOnlyAsync(name, description, cancellationToken).ConfigureAwait(false),
                1 => found[0],
                _ => throw new AmbiguousNameException("security group", name, [.. found.Select(one => one.Id)]),
            };
        }
        finally
        {
            _takingTurns.Release();
        }
    }

    /// <summary>Creates a group; if other programs did so too, deletes this one and returns the oldest.</summary>
    private async Task<SecurityGroup> CreateOnlyAsync(string name, string description, CancellationToken cancellationToken)
    {
        var own = await CreateSecurityGroupAsync(name, description, cancellationToken).ConfigureAwait(false);
        var all = await NamedAsync(name, cancellationToken).ConfigureAwait(false);
        var oldest = all.OrderBy(group => group.CreatedAt).ThenBy(group => group.Id, StringComparer.Ordinal).FirstOrDefault() ?? own;
        if (oldest.Id != own.Id)
        {
            await DeleteSecurityGroupAsync(own.Id, TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        }
        return oldest;
    }

    private ValueTask<List<SecurityGroup>> NamedAsync(string name, CancellationToken cancellationToken) =>
        ListSecurityGroupsAsync(name, cancellationToken: cancellationToken).ToListAsync(cancellationToken);
}
