using System.Data.Common;

namespace Faafo.Api.Database;

/// <summary>
/// The API's database, PostgreSQL or SQLite: connections and schema. The statements are beside the features that run them (Fractals,
/// Outbox, Queue, Nodes), where a feature has one class for each database if the two need different statements.
/// </summary>
internal abstract class FaafoDatabase : IAsyncDisposable
{
    /// <summary>Reads the URL of a database; nothing is connected yet.</summary>
    /// <param name="databaseUrl"><c>postgresql://user:password@host:5432,host2:5432/name?option=value</c> or <c>sqlite:PATH</c>.</param>
    /// <exception cref="FormatException">The URL is neither.</exception>
    public static FaafoDatabase Open(string databaseUrl)
    {
        DatabaseTypes.Register();
        return databaseUrl.StartsWith("sqlite:", StringComparison.Ordinal) && databaseUrl.Length > "sqlite:".Length
            ? new SqliteDatabase(databaseUrl["sqlite:".Length..])
            : new PostgresDatabase(PostgresUrl.Parse(databaseUrl));
    }

    /// <summary>Opens a connection from the pool.</summary>
    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Creates or upgrades the schema; several APIs may do so at the same time.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Returns the condition "is an element of this array parameter" in this database's SQL.</summary>
    public abstract string In(string parameter);

    /// <summary>Closes the pool.</summary>
    public abstract ValueTask DisposeAsync();
}
