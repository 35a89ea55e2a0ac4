using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>
/// Finds single fractals. Requests that arrive while a query runs share the next one (request coalescing), so the database runs one query
/// for many of them and a lone request never waits for others. A query starts after all its requests have arrived: each sees everything
/// that was written before it.
/// </summary>
internal sealed class FractalLookupCoalescer(FractalStore fractals)
{
    private readonly Lock _gate = new();
    private List<Pending<Guid, Fractal?>> _waiting = [];
    private bool _isReading;

    /// <summary>Finds a fractal; null when there is none.</summary>
    public Task<Fractal?> FindAsync(Guid uuid, CancellationToken cancellationToken)
    {
        var lookup = new Pending<Guid, Fractal?>(uuid);
        bool isFirst;
        lock (_gate)
        {
            _waiting.Add(lookup);
            isFirst = !_isReading;
            _isReading = true;
        }
        if (isFirst)
        {
            _ = ReadAsync();
        }
        return lookup.Result.WaitAsync(cancellationToken);
    }

    // Not cancelled with one of the requests: the others still wait.
    private async Task ReadAsync()
    {
        while (TakeWaiting() is { } lookups)
        {
            try
            {
                var found = (await fractals.FindAsync([.. lookups.Select(lookup => lookup.Item).Distinct()], CancellationToken.None))
                    .ToDictionary(row => row.Uuid);
                foreach (var lookup in lookups)
                {
                    lookup.Complete(found.GetValueOrDefault(lookup.Item));
                }
            }
            catch (Exception e)
            {
                foreach (var lookup in lookups)
                {
                    lookup.Fail(e);
                }
            }
        }
    }

    private List<Pending<Guid, Fractal?>>? TakeWaiting()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isReading = false;
                return null;
            }
            var lookups = _waiting;
            _waiting = [];
            return lookups;
        }
    }
}
