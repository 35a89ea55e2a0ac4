using Microsoft.Data.Sqlite;

namespace Faafo.Storage;

/// <summary>Extension methods for commands with parameters.</summary>
public static class SqliteCommands
{
    /// <summary>Creates a command with parameters.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, SqliteTransaction? transaction, string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
        return command;
    }

    /// <summary>Executes statements and returns the number of changed rows.</summary>
    public static int Execute(this SqliteConnection connection, SqliteTransaction? transaction, string sql,
        params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(transaction, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Returns the first column of the first row.</summary>
    public static T Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(null, sql, parameters);
        return (T)command.ExecuteScalar()!;
    }
}
