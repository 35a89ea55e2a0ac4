using Faafo.Api.Database;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// Finds single fractals. Requests that ask while a query is under way share the next one, so the database is asked once for many of
/// them and a lone request never waits for company. A query begins after everyone in it has asked: what was written before is seen.
/// </summary>
internal sealed class FractalLookupCoalescer(FractalDatabase database)
{
    private readonly Lock _gate = new();
    private List<Question> _waiting = [];
    private bool _isReading;

    /// <summary>One fractal; null when there is none.</summary>
    public Task<Fractal?> FindAsync(Guid uuid, CancellationToken cancellationToken)
    {
        var question = new Question(uuid);
        bool isFirst;
        lock (_gate)
        {
            _waiting.Add(question);
            isFirst = !_isReading;
            _isReading = true;
        }
        if (isFirst)
        {
            _ = ReadAsync();
        }
        return question.Answer.Task.WaitAsync(cancellationToken);
    }

    // Not cancelled by one of those who ask: the others want their answer.
    private async Task ReadAsync()
    {
        while (true)
        {
            List<Question> asked;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _isReading = false;
                    return;
                }
                (asked, _waiting) = (_waiting, []);
            }
            try
            {
                var found = (await database.FindAsync([.. asked.Select(one => one.Uuid).Distinct()], CancellationToken.None)).ToDictionary(row => row.Uuid);
                foreach (var one in asked)
                {
                    one.Answer.TrySetResult(found.GetValueOrDefault(one.Uuid));
                }
            }
            catch (Exception e)
            {
                foreach (var one in asked)
                {
                    one.Answer.TrySetException(e);
                }
            }
        }
    }

    private sealed record Question(Guid Uuid)
    {
        public TaskCompletionSource<Fractal?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
