using System.Data.Common;
using Dapper;

namespace Faafo.Api.Database;

/// <summary>The schema as a list of steps. Released steps never change; new ones are added at the end.</summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        create table fractals (
            uuid uuid primary key,
            width integer not null, height integer not null, iterations integer not null,
            xa double precision not null, xb double precision not null, ya double precision not null, yb double precision not null,
            cx double precision not null, cy double precision not null,
            status text not null, checksum text, size bigint, duration double precision, generated_by text, error text,
            created_at timestamptz not null, finished_at timestamptz);
        create index fractals_unfinished on fractals (created_at) where finished_at is null;
        create index fractals_done on fractals (finished_at desc, uuid) where status = 'done';
        create table outbox (id bigserial primary key, uuid uuid not null, body bytea not null);
        create index outbox_uuid on outbox (uuid);
        create table totals (
            shard integer primary key, fractals bigint not null, done bigint not null, unfinished bigint not null,
            work_waiting bigint not null, accepted bigint not null, finished bigint not null, work_finished bigint not null);
        create table nodes (
            name text primary key, report text not null, started_at timestamptz not null, drain boolean not null,
            last_seen timestamptz not null);
        create table node_groups (name text primary key, paused boolean not null, size integer);
        """,
        "alter table node_groups add column replacing text",
        "alter table node_groups add column version bigint not null default 1",
    ];

    /// <summary>Runs the steps that are new to a database. The caller holds a lock on the schema.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction that holds the lock.</param>
    /// <param name="translate">Replaces PostgreSQL's types by the database's own.</param>
    /// <param name="cancellationToken">Cancels the upgrade.</param>
    /// <exception cref="InvalidOperationException">A newer program has upgraded the schema.</exception>
    public static async Task UpgradeAsync(
        DbConnection connection, DbTransaction transaction, Func<string, string> translate, CancellationToken cancellationToken)
    {
        await ExecuteAsync("create table if not exists schema_version (version integer not null)");
        var version = await connection.ExecuteScalarAsync<int?>(
            new CommandDefinition("select max(version) from schema_version", null, transaction, cancellationToken: cancellationToken)) ?? 0;
        if (version > Steps.Length)
        {
            throw new InvalidOperationException(
                $"the database has schema version {version}, this faafo-api knows versions up to {Steps.Length}; run a newer one");
        }
        for (; version < Steps.Length; version++)
        {
            await ExecuteAsync(translate(Steps[version]));
            await ExecuteAsync($"insert into schema_version values ({version + 1})");
        }

        Task ExecuteAsync(string sql) =>
            connection.ExecuteAsync(new CommandDefinition(sql, null, transaction, cancellationToken: cancellationToken));
    }
}
