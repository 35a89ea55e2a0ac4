using Dapper;
using Faafo.Api.Database;
using Faafo.Nodes;

namespace Faafo.Api.Nodes;

/// <summary>Table <c>node_groups</c>: operators' overrides for the scaler.</summary>
internal sealed class GroupRegistry(FaafoDatabase database)
{
    private const long Any = -1;

    /// <summary>Lists the overrides of all groups that have any.</summary>
    public async Task<IReadOnlyList<GroupOverrides>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<GroupRow>(Sql.Command(
            "select name, paused, size, replacing, version from node_groups order by name", null, cancellationToken));
        return [.. rows.Select(row => new GroupOverrides(row.Name, row.Paused, row.Size)
        {
            Version = row.Version,
            Replace = row.Replacing?.Split(' '),
        })];
    }

    /// <summary>Sets the overrides of a group, if they name no version or the current one.</summary>
    /// <returns>The new version; null when the overrides have another version than the named one.</returns>
    public async Task<long?> SetAsync(GroupOverrides overrides, CancellationToken cancellationToken)
    {
        var replacing = overrides.Replace is { Count: > 0 } ids ? string.Join(' ', ids) : null;
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(Sql.Command("""
            insert into node_groups as g (name, paused, size, replacing, version) values (@Group, @Paused, @Size, @replacing, 1)
            on conflict (name) do update
                set paused = excluded.paused, size = excluded.size, replacing = excluded.replacing, version = g.version + 1
                where @expected < 0 or g.version = @expected
            returning version
            """, new { overrides.Group, overrides.Paused, overrides.Size, replacing, expected = overrides.Version ?? Any },
            cancellationToken));
    }

    private sealed class GroupRow
    {
        public required string Name { get; init; }
        public bool Paused { get; init; }
        public int? Size { get; init; }
        public string? Replacing { get; init; }
        public long Version { get; init; }
    }
}
