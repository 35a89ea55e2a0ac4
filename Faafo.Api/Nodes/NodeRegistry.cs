using System.Text.Json;
using Dapper;
using Faafo.Api.Database;
using Faafo.Api.Fractals;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>Table <c>nodes</c>: the last heartbeat of each node. It is in the database so that all APIs answer the same.</summary>
internal sealed class NodeRegistry(FaafoDatabase database, FractalStore fractals, TimeProvider time)
{
    private const int MissedBeats = 3;

    // Nodes that have been silent for longer are not listed. Long enough that a scaler which starts in an outage can distinguish instances
    // that are silent from those that never joined; it removes the nodes of deleted instances itself.
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromDays(7);

    /// <summary>
    /// Records a heartbeat and marks the fractals that it names as being drawn; returns whether the node is to drain. A restart cancels the
    /// drain of a node.
    /// </summary>
    public async Task<HeartbeatResponse> RecordAsync(string name, NodeReport report, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(report, FaafoJson.Default.NodeReport);
        await using var connection = await database.ConnectAsync(cancellationToken);
        var drain = await connection.ExecuteScalarAsync<bool>(Sql.Command("""
            insert into nodes as n (name, report, started_at, drain, last_seen) values (@name, @json, @StartedAt, false, @now)
            on conflict (name) do update set report = excluded.report, started_at = excluded.started_at, last_seen = excluded.last_seen,
                drain = n.drain and n.started_at = excluded.started_at
            returning drain
            """, new { name, json, StartedAt = report.StartedAt.ToUniversalTime(), now = time.GetUtcNow() }, cancellationToken));
        if (report.Tasks.Count > 0)
        {
            await fractals.MarkRenderingAsync([.. report.Tasks], cancellationToken);
        }
        return new HeartbeatResponse(drain);
    }

    /// <summary>Lists the nodes of the last week by name. A node that missed three heartbeats is stale.</summary>
    public async Task<IReadOnlyList<Node>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<NodeRow>(Sql.Command(
            "select name, report, drain, last_seen as LastSeen from nodes where last_seen > @since order by name",
            new { since = now - RetentionPeriod }, cancellationToken));
        return [.. rows.Select(row => NodeOf(row, now))];
    }

    /// <summary>Drains a node or cancels the drain; false when there is no such node.</summary>
    public Task<bool> DrainAsync(string name, bool drain, CancellationToken cancellationToken) =>
        ChangeAsync("update nodes set drain = @drain where name = @name", new { name, drain }, cancellationToken);

    /// <summary>Removes a node from the list; false when there is no such node.</summary>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync("delete from nodes where name = @name", new { name }, cancellationToken);

    private static Node NodeOf(NodeRow row, DateTimeOffset now)
    {
        var report = JsonSerializer.Deserialize(row.Report, FaafoJson.Default.NodeReport)!;
        var isStale = report.State != NodeState.Left && now - row.LastSeen > MissedBeats * TimeSpan.FromSeconds(report.Interval);
        return new Node(row.Name, isStale ? NodeState.Stale : report.State, row.Drain, row.LastSeen, report);
    }

    private async Task<bool> ChangeAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync(Sql.Command(sql, parameters, cancellationToken)) > 0;
    }

    private sealed class NodeRow
    {
        public required string Name { get; init; }
        public required string Report { get; init; }
        public bool Drain { get; init; }
        public DateTimeOffset LastSeen { get; init; }
    }
}
