using Faafo.Fractals;
using Npgsql;

namespace Faafo.Api.Fractals;

/// <summary>A column of table <c>fractals</c> that is filled from the task.</summary>
internal interface ITaskColumn
{
    /// <summary>The column's name.</summary>
    string Name { get; }

    /// <summary>Returns a task's value, as a SQLite parameter takes it.</summary>
    object ValueOf(FractalTask task);

    /// <summary>Builds the values of a batch as an array, as PostgreSQL takes them.</summary>
    NpgsqlParameter ArrayOf(IReadOnlyList<FractalTask> tasks);
}
