using System.Text.Json;
using Dapper;
using Faafo.Api.Database;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>What nodes say of themselves, in the database, so that every API answers the same.</summary>
internal sealed class NodeRegistry(FractalDatabase database, TimeProvider time)
{
    private const int MissedBeats = 3;

    // A node that has been silent for this long is not worth a line in the list any more.
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromHours(1);

    /// <summary>Notes a heartbeat and answers what the node is to do. A node that was started anew has no drain to obey.</summary>
    public async Task<HeartbeatResponse> BeatAsync(string name, NodeReport report, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(report, FaafoJson.Default.NodeReport);
        await using var connection = await database.ConnectAsync(cancellationToken);
        var drain = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("""
            insert into nodes as n (name, report, started_at, drain, last_seen) values (@name, @json, @StartedAt, false, @now)
            on conflict (name) do update set report = excluded.report, started_at = excluded.started_at, last_seen = excluded.last_seen,
                drain = n.drain and n.started_at = excluded.started_at
            returning drain
            """, new { name, json, StartedAt = report.StartedAt.ToUniversalTime(), now = time.GetUtcNow() }, cancellationToken: cancellationToken));
        if (report.Tasks.Count > 0)
        {
            await database.MarkRenderingAsync([.. report.Tasks], cancellationToken);
        }
        return new HeartbeatResponse(drain);
    }

    /// <summary>Every node of the last hour, by name; three missed beats make it stale.</summary>
    public async Task<IReadOnlyList<Node>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<NodeRow>(new CommandDefinition(
            "select name, report, drain, last_seen as LastSeen from nodes where last_seen > @since order by name",
            new { since = now - RetentionPeriod }, cancellationToken: cancellationToken));
        return [.. rows.Select(row =>
        {
            var report = JsonSerializer.Deserialize(row.Report, FaafoJson.Default.NodeReport)!;
            var stale = report.State != NodeState.Left && now - row.LastSeen > MissedBeats * TimeSpan.FromSeconds(report.Interval);
            return new Node(row.Name, stale ? NodeState.Stale : report.State, row.Drain, row.LastSeen, report);
        })];
    }

    /// <summary>Tells a node to leave, or to stay after all; false when there is no such node.</summary>
    public Task<bool> DrainAsync(string name, bool drain, CancellationToken cancellationToken) =>
        ChangeAsync("update nodes set drain = @drain where name = @name", new { name, drain }, cancellationToken);

    /// <summary>Removes a node from the list; false when there is none.</summary>
    public Task<bool> ForgetAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync("delete from nodes where name = @name", new { name }, cancellationToken);

    /// <summary>The orders of all groups that have any.</summary>
    public async Task<IReadOnlyList<GroupOverrides>> ListGroupsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<GroupRow>(new CommandDefinition(
            "select name, paused, size, replacing from node_groups order by name", cancellationToken: cancellationToken));
        return [.. rows.Select(row => new GroupOverrides(row.Name, row.Paused, row.Size) { Replace = row.Replacing?.Split(' ') })];
    }

    /// <summary>Keeps an order to a group.</summary>
    public async Task<GroupOverrides> OrderAsync(GroupOverrides orders, CancellationToken cancellationToken)
    {
        await ChangeAsync("""
            insert into node_groups (name, paused, size, replacing) values (@Group, @Paused, @Size, @replacing)
            on conflict (name) do update set paused = excluded.paused, size = excluded.size, replacing = excluded.replacing
            """, new { orders.Group, orders.Paused, orders.Size, replacing = orders.Replace is { Count: > 0 } ids ? string.Join(' ', ids) : null },
            cancellationToken);
        return orders;
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)) > 0;
    }

    private sealed class NodeRow
    {
        public required string Name { get; init; }
        public required string Report { get; init; }
        public bool Drain { get; init; }
        public DateTimeOffset LastSeen { get; init; }
    }

    private sealed class GroupRow
    {
        public required string Name { get; init; }
        public bool Paused { get; init; }
        public int? Size { get; init; }
        public string? Replacing { get; init; }
    }
}
