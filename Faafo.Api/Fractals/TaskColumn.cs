using Faafo.Api.Database;
using Faafo.Fractals;
using Npgsql;

namespace Faafo.Api.Fractals;

/// <summary>A column of table <c>fractals</c> by its name, type and value.</summary>
internal sealed record TaskColumn<T>(string Name, Func<FractalTask, T> Value) : ITaskColumn where T : notnull
{
    public object ValueOf(FractalTask task) => Value(task);

    public NpgsqlParameter ArrayOf(IReadOnlyList<FractalTask> tasks) => PostgresDatabase.Column(tasks, Value);
}
