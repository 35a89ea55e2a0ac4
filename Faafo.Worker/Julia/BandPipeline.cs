using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Faafo.Worker.Png;

namespace Faafo.Worker.Julia;

/// <summary>
/// The bands of one picture: threads draw and compress them side by side, and the file receives them in order. <see cref="_gate"/> guards
/// all fields that are not read-only.
/// </summary>
internal sealed class BandPipeline(JuliaPicture picture, Stream output, int cores, CancellationToken cancellationToken)
{
    // Bands whose buffers are reused across pictures: at most as many as were ever in use at once.
    private static readonly ConcurrentBag<DeflatedBand> Pool = [];

    private readonly object _gate = new();
    private readonly KernelPath _path = JuliaKernel.Default;
    private readonly JuliaGrid _grid = new(picture);
    private readonly IndexedPngWriter _png = new(output, picture.Width, picture.Height, JuliaPalette.Rgb);
    private readonly int _bandRows = JuliaPng.BandRows(picture.Width);

    // Bands that are ready but not yet written: band k at k modulo the length.
    private readonly DeflatedBand?[] _ready = new DeflatedBand?[2 * cores];
    private int _taken;
    private int _written;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Number of bands.</summary>
    public int Bands => (_grid.Height + _bandRows - 1) / _bandRows;

    /// <summary>Draws bands until none remain. Never throws: the first failure of any thread stops all and is kept for Finish.</summary>
    public void DrawBands()
    {
        var scratch = ThreadScratch.Rent();
        try
        {
            while (Take() is (int number, { } band))
            {
                var first = number * _bandRows;
                var rows = Math.Min(_bandRows, _grid.Height - first);
                var indices = scratch.Indices(_bandRows * _grid.Stride);
                JuliaKernel.Draw(_path, _grid, first, rows, indices, cancellationToken);
                scratch.Deflater.Deflate(indices, _grid.Stride, _grid.Width, rows, band);
                Deliver(number, band);
            }
        }
#pragma warning disable CA1031 // Finish throws it again, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure ??= ExceptionDispatchInfo.Capture(exception);
                Monitor.PulseAll(_gate);
            }
        }
        finally
        {
            scratch.Return();
        }
    }

    /// <summary>Completes the file, or throws the first failure.</summary>
    public void Finish()
    {
        _failure?.Throw();
        _png.Finish();
    }

    // Returns the next band to draw and its buffer, once the output is near enough; null when none remains or another thread failed.
    private (int Number, DeflatedBand Band)? Take()
    {
        lock (_gate)
        {
            while (_failure is null && _taken < Bands && _taken >= _written + _ready.Length)
            {
                Monitor.Wait(_gate);
            }
            cancellationToken.ThrowIfCancellationRequested();
            if (_failure is not null || _taken == Bands)
            {
                return null;
            }
            return (_taken++, Pool.TryTake(out var band) ? band : new DeflatedBand());
        }
    }

    // Writes a band and those that waited for it, or leaves it to the thread that draws the band before it.
    private void Deliver(int number, DeflatedBand band)
    {
        lock (_gate)
        {
            _ready[number % _ready.Length] = band;
            for (; _failure is null && _ready[_written % _ready.Length] is { } next; _written++)
            {
                _ready[_written % _ready.Length] = null;
                _png.Write(next);
                Pool.Add(next);
            }
            Monitor.PulseAll(_gate);
        }
    }
}
