using System.Data.Common;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>Maps the rows of table <c>fractals</c>. By hand, because every list and every result passes here.</summary>
internal static class FractalRow
{
    /// <summary>The columns that are filled from the task; the first ones of <see cref="Columns"/>.</summary>
    public static readonly ITaskColumn[] TaskColumns =
    [
        new TaskColumn<Guid>("uuid", task => task.Uuid),
        new TaskColumn<int>("width", task => task.Width),
        new TaskColumn<int>("height", task => task.Height),
        new TaskColumn<int>("iterations", task => task.Iterations),
        new TaskColumn<double>("xa", task => task.Xa),
        new TaskColumn<double>("xb", task => task.Xb),
        new TaskColumn<double>("ya", task => task.Ya),
        new TaskColumn<double>("yb", task => task.Yb),
        new TaskColumn<double>("cx", task => task.Cx!.Value),
        new TaskColumn<double>("cy", task => task.Cy!.Value),
    ];

    /// <summary>The names of <see cref="TaskColumns"/>, separated by commas.</summary>
    public static readonly string TaskColumnNames = string.Join(", ", TaskColumns.Select(column => column.Name));

    /// <summary>All columns of <c>fractals f</c>, in the order in which <see cref="Read"/> takes them.</summary>
    public static readonly string Columns = $"""
        {string.Join(", ", TaskColumns.Select(column => $"f.{column.Name}"))},
        f.status, f.checksum, f.size, f.duration, f.generated_by, f.error, f.created_at, f.finished_at
        """;

    /// <summary>Reads all remaining rows.</summary>
    public static async Task<List<Fractal>> ReadAllAsync(DbDataReader rows, CancellationToken cancellationToken)
    {
        var fractals = new List<Fractal>();
        while (await rows.ReadAsync(cancellationToken))
        {
            fractals.Add(Read(rows));
        }
        return fractals;
    }

    /// <summary>Reads the current row as the API returns it.</summary>
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
