using Dapper;
using Npgsql;

namespace Faafo.TestKit.Servers;

/// <summary>One test's database.</summary>
/// <param name="Url">As the API takes it.</param>
/// <param name="ConnectionString">As Npgsql takes it.</param>
/// <param name="Port">The server's port.</param>
public sealed record TestDatabase(string Url, string ConnectionString, int Port)
{
    /// <summary>The rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))];
    }

    /// <summary>One number.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken) =>
        (await QueryAsync<long>(sql, null, cancellationToken)).Single();

    /// <summary>Runs a statement.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 300, cancellationToken: cancellationToken));
    }
}
