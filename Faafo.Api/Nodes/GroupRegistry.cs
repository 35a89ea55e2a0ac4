using Dapper;
using Faafo.Api.Database;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>Table <c>node_groups</c>: operators' overrides for the scaler.</summary>
internal sealed class GroupRegistry(FaafoDatabase database)
{
    /// <summary>Lists the overrides of all groups that have any.</summary>
    public async Task<IReadOnlyList<GroupOverrides>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<GroupRow>(Sql.Command(
            "select name, paused, size, replacing from node_groups order by name", null, cancellationToken));
        return [.. rows.Select(row => new GroupOverrides(row.Name, row.Paused, row.Size) { Replace = row.Replacing?.Split(' ') })];
    }

    /// <summary>Sets the overrides of a group.</summary>
    public async Task SetAsync(GroupOverrides overrides, CancellationToken cancellationToken)
    {
        var replacing = overrides.Replace is { Count: > 0 } ids ? string.Join(' ', ids) : null;
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(Sql.Command("""
            insert into node_groups (name, paused, size, replacing) values (@Group, @Paused, @Size, @replacing)
            on conflict (name) do update set paused = excluded.paused, size = excluded.size, replacing = excluded.replacing
            """, new { overrides.Group, overrides.Paused, overrides.Size, replacing }, cancellationToken));
    }

    private sealed class GroupRow
    {
        public required string Name { get; init; }
        public bool Paused { get; init; }
        public int? Size { get; init; }
        public string? Replacing { get; init; }
    }
}
