namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists a pool's members. "GET /v2/lbaas/pools/{pool}/members".</summary>
    public virtual IAsyncEnumerable<Member> ListMembersAsync(string poolId, CancellationToken cancellationToken = default) =>
        _client.ListAsync(MembersPath(poolId), "members", LoadBalancingJson.Default.Member, cancellationToken);

    /// <summary>Reads a member. "GET /v2/lbaas/pools/{pool}/members/{member}".</summary>
    /// <exception cref="NotFoundException">There is no such member.</exception>
    public virtual Task<Member> GetMemberAsync(string poolId, string memberId, CancellationToken cancellationToken = default) =>
        _client.GetAsync(MemberPath(poolId, memberId), "member", LoadBalancingJson.Default.Member, cancellationToken);

    /// <summary>Adds a member to a pool. "POST /v2/lbaas/pools/{pool}/members".</summary>
    public virtual Task<Member> CreateMemberAsync(
        string loadBalancerId, string poolId, NewMember member, CancellationToken cancellationToken = default)
    {
        var path = MembersPath(poolId);
        return ChangeAsync(
            loadBalancerId,
            token => PostAsync(
                path, "member", member, LoadBalancingJson.Default.NewMember, LoadBalancingJson.Default.Member, token),
            cancellationToken);
    }

    /// <summary>
    /// Sets all members of a pool with one change: adds those that are missing, updates those with the same address and port, and removes
    /// the others. Wait with <see cref="WaitUntilActiveAsync"/> until it is done. "PUT /v2/lbaas/pools/{pool}/members".
    /// </summary>
    /// <param name="loadBalancerId">The balancer.</param>
    /// <param name="poolId">The pool.</param>
    /// <param name="members">The members.</param>
    /// <param name="keepOthers">Whether members that the list does not contain stay.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual Task SetMembersAsync(
        string loadBalancerId,
        string poolId,
        IEnumerable<NewMember> members,
        bool keepOthers = false,
        CancellationToken cancellationToken = default)
    {
        var path = new QueryString(MembersPath(poolId)).Add("additive_only", keepOthers ? true : null).ToString();
        var body = Json.Write("members", members.ToArray(), LoadBalancingJson.Default.NewMemberArray);
        return ChangeAsync(
            loadBalancerId,
            async token =>
            {
                await _client.RunAsync(HttpMethod.Put, path, body, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Changes a member. "PUT /v2/lbaas/pools/{pool}/members/{member}".</summary>
    public virtual Task<Member> UpdateMemberAsync(
        string loadBalancerId, string poolId, string memberId, MemberUpdate update, CancellationToken cancellationToken = default) =>
        UpdateAsync(
        loadBalancerId,
        MemberPath(poolId, memberId), "member", update, LoadBalancingJson.Default.MemberUpdate,
        LoadBalancingJson.Default.Member,
        cancellationToken);

    /// <summary>
    /// Changes a member's share of the traffic, 0 to 256; 0 drains it: it gets no new connections and finishes those it has.
    /// "PUT /v2/lbaas/pools/{pool}/members/{member}".
    /// </summary>
    public virtual Task<Member> SetMemberWeightAsync(
        string loadBalancerId, string poolId, string memberId, int weight, CancellationToken cancellationToken = default) =>
        UpdateMemberAsync(loadBalancerId, poolId, memberId, new MemberUpdate { Weight = weight }, cancellationToken);

    /// <summary>Removes a member. "DELETE /v2/lbaas/pools/{pool}/members/{member}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteMemberAsync(
        string loadBalancerId, string poolId, string memberId, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, MemberPath(poolId, memberId), cancellationToken);

    private static string MembersPath(string poolId) => $"/lbaas/pools/{PathSegment.Of(poolId)}/members";

    private static string MemberPath(string poolId, string memberId) => $"{MembersPath(poolId)}/{PathSegment.Of(memberId)}";
}
