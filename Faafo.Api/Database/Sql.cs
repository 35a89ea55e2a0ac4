using System.Data.Common;
using Dapper;

namespace Faafo.Api.Database;

/// <summary>Builds statements for Dapper with the arguments in the order in which this program has them.</summary>
internal static class Sql
{
    /// <summary>Builds a statement.</summary>
    /// <param name="sql">Its text, with parameters as <c>@name</c>.</param>
    /// <param name="parameters">An object with a property for each parameter; null for none.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <param name="transaction">The transaction that it belongs to, if any.</param>
    public static CommandDefinition Command(
        string sql, object? parameters, CancellationToken cancellationToken, DbTransaction? transaction = null) =>
        new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
