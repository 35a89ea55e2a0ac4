using System.Data.Common;
using Faafo.Fractals;

namespace Faafo.Api.Database;

/// <summary>Reads rows of table <c>fractals</c>. By hand: every list and every report passes here.</summary>
internal static class FractalRow
{
    /// <summary>The columns, in the order in which <see cref="Read"/> takes them.</summary>
    public const string Columns = """
        f.uuid, f.width, f.height, f.iterations, f.xa, f.xb, f.ya, f.yb, f.cx, f.cy,
        f.status, f.checksum, f.size, f.duration, f.generated_by, f.error, f.created_at, f.finished_at
        """;

    /// <summary>The row that the reader stands on, as the API returns it.</summary>
    public static Fractal Read(DbDataReader row)
    {
        var uuid = row.GetGuid(0);
        var checksum = row.IsDBNull(11) ? null : row.GetString(11);
        return new Fractal
        {
            Uuid = uuid,
            Width = row.GetInt32(1),
            Height = row.GetInt32(2),
            Iterations = row.GetInt32(3),
            Xa = row.GetDouble(4),
            Xb = row.GetDouble(5),
            Ya = row.GetDouble(6),
            Yb = row.GetDouble(7),
            Cx = row.GetDouble(8),
            Cy = row.GetDouble(9),
            Status = row.GetString(10) switch
            {
                "queued" => FractalStatus.Queued,
                "rendering" => FractalStatus.Rendering,
                "done" => FractalStatus.Done,
                _ => FractalStatus.Failed,
            },
            Checksum = checksum,
            Url = checksum is null ? null : $"/fractal/{uuid}",
            Size = row.IsDBNull(12) ? null : row.GetInt64(12),
            Duration = row.IsDBNull(13) ? null : row.GetDouble(13),
            GeneratedBy = row.IsDBNull(14) ? null : row.GetString(14),
            Error = row.IsDBNull(15) ? null : row.GetString(15),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(16),
            FinishedAt = row.IsDBNull(17) ? null : row.GetFieldValue<DateTimeOffset>(17),
        };
    }
}

/// <summary>What a fractal came to: done with a checksum, or failed with an error.</summary>
internal sealed record Outcome(Guid Uuid, string? Checksum, long? Size, double? Duration, string? GeneratedBy, string? Error)
{
    /// <summary>The status that the row takes.</summary>
    public string Status => Error is null ? "done" : "failed";
}

/// <summary>One accepted task that the broker has not confirmed yet.</summary>
internal sealed record OutboxEntry(long Id, byte[] Body);

/// <summary>When the oldest unfinished fractal was accepted, and how many accepted ones the broker has not confirmed.</summary>
internal sealed record Backlog(DateTimeOffset? Oldest, long Unpublished);

/// <summary>Sums over all fractals, kept in the transactions that change them, so that no reading ever counts rows.</summary>
internal sealed class Totals
{
    /// <summary>Rows.</summary>
    public long Fractals { get; init; }

    /// <summary>Rows with an image.</summary>
    public long Done { get; init; }

    /// <summary>Rows neither done nor failed.</summary>
    public long Unfinished { get; init; }

    /// <summary>Pixels times iterations of those.</summary>
    public long WorkWaiting { get; init; }

    /// <summary>Fractals ever accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Fractals ever done or failed.</summary>
    public long Finished { get; init; }

    /// <summary>Pixels times iterations ever finished.</summary>
    public long WorkFinished { get; init; }
}
