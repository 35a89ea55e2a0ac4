using Dapper;
using Npgsql;

namespace Faafo.TestKit.Servers;

/// <summary>The database of a test.</summary>
/// <param name="Url">The URL as the API takes it.</param>
/// <param name="ConnectionString">The connection string of Npgsql.</param>
/// <param name="Port">The server's port.</param>
public sealed record TestDatabase(string Url, string ConnectionString, int Port)
{
    /// <summary>Reads the rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))];
    }

    /// <summary>Reads one number.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancellationToken) =>
        (await QueryAsync<long>(sql, null, cancellationToken)).Single();

    /// <summary>Runs a statement.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.ExecuteAsync(new CommandDefinition(sql, commandTimeout: 300, cancellationToken: cancellationToken));
    }
}
