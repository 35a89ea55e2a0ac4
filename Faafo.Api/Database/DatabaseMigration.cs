using System.Data.Common;
using Faafo.OpenStack;
using Faafo.Options;

namespace Faafo.Api.Database;

/// <summary>Brings the schema up to date before the API starts to listen.</summary>
internal static partial class DatabaseMigration
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    /// <summary>Upgrades the schema; waits for a database that is still starting.</summary>
    /// <exception cref="FailureException">The database rejects the API, which a retry would not change.</exception>
    public static async Task RunAsync(FaafoDatabase database, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await database.MigrateAsync(cancellationToken);
                return;
            }
            catch (DbException e) when (e.IsTransient)
            {
                if (failures == 1)
                {
                    DatabaseUnavailable(log, e.Message);
                }
                await Task.Delay(Backoff.After(failures), time, cancellationToken);
            }
            catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                throw new FailureException($"cannot use the database: {e.Message}", e);
            }
        }
    }

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "Database unavailable, waiting for it: {Reason}")]
    private static partial void DatabaseUnavailable(ILogger log, string reason);
}
