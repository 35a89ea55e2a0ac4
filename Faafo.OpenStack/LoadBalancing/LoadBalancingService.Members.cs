namespace Faafo.OpenStack.LoadBalancing;

public partial class LoadBalancingService
{
    /// <summary>Lists a pool's members. "GET /v2/lbaas/pools/{pool}/members".</summary>
    public virtual IAsyncEnumerable<Member> ListMembersAsync(string poolId, CancellationToken cancellationToken = default) =>
        _client.ListAsync(MembersPath(poolId), "members", LoadBalancingJson.Default.Member, cancellationToken);

    /// <summary>Adds a member to a pool. "POST /v2/lbaas/pools/{pool}/members".</summary>
    public virtual Task<Member> AddMemberAsync(
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
    /// Changes a member's share of the traffic, 0 to 256; 0 drains it: it gets no new connections and finishes those it has.
    /// "PUT /v2/lbaas/pools/{pool}/members/{member}".
    /// </summary>
    public virtual Task<Member> SetMemberWeightAsync(
        string loadBalancerId, string poolId, string memberId, int weight, CancellationToken cancellationToken = default)
    {
        var path = MemberPath(poolId, memberId);
        return ChangeAsync(
            loadBalancerId,
            token => _client.SendAsync(
                HttpMethod.Put,
                path,
                Json.Write("member", new MemberWeight(weight), LoadBalancingJson.Default.MemberWeight),
                "member",
                LoadBalancingJson.Default.Member,
                token),
            cancellationToken);
    }

    /// <summary>Removes a member. "DELETE /v2/lbaas/pools/{pool}/members/{member}".</summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> RemoveMemberAsync(
        string loadBalancerId, string poolId, string memberId, CancellationToken cancellationToken = default) =>
        RemoveAsync(loadBalancerId, MemberPath(poolId, memberId), cancellationToken);

    private static string MembersPath(string poolId) => $"/lbaas/pools/{PathSegment.Of(poolId)}/members";

    private static string MemberPath(string poolId, string memberId) => $"{MembersPath(poolId)}/{PathSegment.Of(memberId)}";
}
