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
