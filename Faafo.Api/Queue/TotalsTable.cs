using System.Data.Common;
using Dapper;
using Faafo.Api.Database;

namespace Faafo.Api.Queue;

/// <summary>
/// Table <c>totals</c>: sums over all fractals, changed in the transactions that change the fractals. Each API adds to a row of its own
/// (a shard), so that several APIs do not wait for one another's commits.
/// </summary>
internal static class TotalsTable
{
    /// <summary>The query for the number of fractals.</summary>
    public const string CountFractals = "select cast(coalesce(sum(fractals), 0) as bigint) from totals";

    /// <summary>The query for <see cref="Totals"/>.</summary>
    public const string Sum = """
        select cast(coalesce(sum(fractals), 0) as bigint) as Fractals, cast(coalesce(sum(done), 0) as bigint) as Done,
               cast(coalesce(sum(unfinished), 0) as bigint) as Unfinished, cast(coalesce(sum(work_waiting), 0) as bigint) as WorkWaiting,
               cast(coalesce(sum(accepted), 0) as bigint) as Accepted, cast(coalesce(sum(finished), 0) as bigint) as Finished,
               cast(coalesce(sum(work_finished), 0) as bigint) as WorkFinished
        from totals
        """;

    /// <summary>The row of this process.</summary>
    public static int Shard { get; } = Math.Abs(Environment.ProcessId) % 64;

    /// <summary>Builds a statement that adds sums to a shard.</summary>
    /// <param name="row">A query or <c>values (...)</c>: the shard, then the sums in the order of the columns.</param>
    public static string Add(string row) => $"""
        insert into totals (shard, fractals, done, unfinished, work_waiting, accepted, finished, work_finished) {row}
        on conflict (shard) do update set fractals = totals.fractals + excluded.fractals, done = totals.done + excluded.done,
            unfinished = totals.unfinished + excluded.unfinished, work_waiting = totals.work_waiting + excluded.work_waiting,
            accepted = totals.accepted + excluded.accepted, finished = totals.finished + excluded.finished,
            work_finished = totals.work_finished + excluded.work_finished
        """;

    /// <summary>Builds a statement that adds differences to this process's shard.</summary>
    public static CommandDefinition Add(Totals difference, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var parameters = new DynamicParameters(difference);
        parameters.Add(nameof(Shard), Shard);
        return Sql.Command(
            Add("values (@Shard, @Fractals, @Done, @Unfinished, @WorkWaiting, @Accepted, @Finished, @WorkFinished)"),
            parameters, cancellationToken, transaction);
    }
}
