using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Faafo.Worker.Png;

namespace Faafo.Worker.Julia;

/// <summary>Draws a picture and writes it as a PNG, a band of rows at a time.</summary>
internal static class JuliaPng
{
    /// <summary>
    /// Rows of a band: enough for the codes of a deflate block to pay, few enough to bound memory, so fewer in wide pictures. Multiples of 8.
    /// </summary>
    public static int BandRows(int width) => width <= 4096 ? 64 : width <= 8192 ? 32 : 16;

    /// <summary>
    /// Renders and writes the picture. Bands are drawn and compressed by up to <paramref name="cores"/> threads, the calling one
    /// among them, and written in order as they get ready; a thread that is two bands per core ahead of the output waits.
    /// The bytes do not depend on the number of threads.
    /// </summary>
    /// <param name="picture">What to draw.</param>
    /// <param name="output">Gets the file, by blocking writes; not closed.</param>
    /// <param name="cores">1 or more.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>; what was written then is no whole file.</param>
    public static void Write(JuliaPicture picture, Stream output, int cores, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var run = new Run(picture, output, cores, cancellationToken);
        var helpers = new Task[Math.Min(cores, run.Bands) - 1];
        for (var i = 0; i < helpers.Length; i++)
            helpers[i] = Task.Run(run.DrawBands, CancellationToken.None);
        run.DrawBands();
        Task.WaitAll(helpers, CancellationToken.None);
        run.Finish();
    }

    /// <summary>One picture on its way. All fields but the read-only ones are guarded by <see cref="gate"/>.</summary>
    private sealed class Run
    {
        /// <summary>Bands of earlier pictures, whose room is used again: at most as many as were ever on their way at once.</summary>
        private static readonly ConcurrentBag<DeflatedBand> Unused = [];

        private readonly object gate = new();
        private readonly KernelPath path = JuliaKernel.Default;
        private readonly JuliaGrid grid;
        private readonly IndexedPngWriter png;
        private readonly CancellationToken cancellationToken;
        private readonly int bandRows;

        /// <summary>Bands that are ready but not yet written: band k at k modulo the length.</summary>
        private readonly DeflatedBand?[] ready;
        private int taken;
        private int written;
        private ExceptionDispatchInfo? failure;

        public Run(JuliaPicture picture, Stream output, int cores, CancellationToken cancellationToken)
        {
            grid = new JuliaGrid(picture);
            png = new IndexedPngWriter(output, picture.Width, picture.Height, JuliaPalette.Rgb);
            ready = new DeflatedBand?[2 * cores];
            bandRows = BandRows(picture.Width);
            this.cancellationToken = cancellationToken;
        }

        public int Bands => (grid.Height + bandRows - 1) / bandRows;

        /// <summary>Draws bands until none is left. Never throws: the first failure of any thread ends all and is kept.</summary>
        public void DrawBands()
        {
            var workbench = Workbench.Take();
            try
            {
                while (Take() is (int number, { } band))
                {
                    int first = number * bandRows, rows = Math.Min(bandRows, grid.Height - first);
                    var indices = workbench.Indices(bandRows * grid.Stride);
                    JuliaKernel.Draw(path, grid, first, rows, indices, cancellationToken);
                    workbench.Deflater.Deflate(indices, grid.Stride, grid.Width, rows, band);
                    Deliver(number, band);
                }
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown again by Finish.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                lock (gate)
                {
                    failure ??= ExceptionDispatchInfo.Capture(exception);
                    Monitor.PulseAll(gate);
                }
            }
            finally
            {
                workbench.GiveBack();
            }
        }

        /// <summary>Ends the file, or throws what went wrong.</summary>
        public void Finish()
        {
            failure?.Throw();
            png.Finish();
        }

        /// <summary>The next band to draw and room for it, once the output is near enough; null when there is none or another thread failed.</summary>
        private (int Number, DeflatedBand Band)? Take()
        {
            lock (gate)
            {
                while (failure is null && taken < Bands && taken >= written + ready.Length)
                    Monitor.Wait(gate);
                cancellationToken.ThrowIfCancellationRequested();
                if (failure is not null || taken == Bands)
                    return null;
                return (taken++, Unused.TryTake(out var band) ? band : new DeflatedBand());
            }
        }

        /// <summary>Writes a band and those that waited for it, or leaves it to the thread that draws the one before it.</summary>
        private void Deliver(int number, DeflatedBand band)
        {
            lock (gate)
            {
                ready[number % ready.Length] = band;
                for (; failure is null && ready[written % ready.Length] is { } next; written++)
                {
                    ready[written % ready.Length] = null;
                    png.Write(next);
                    Unused.Add(next);
                }

                Monitor.PulseAll(gate);
            }
        }
    }

    /// <summary>What a thread needs to draw and compress, kept for the next picture, which another thread may draw.</summary>
    private sealed class Workbench
    {
        private static readonly ConcurrentBag<Workbench> Unused = [];
        private byte[] indices = [];

        public static Workbench Take() => Unused.TryTake(out var left) ? left : new Workbench();

        public void GiveBack() => Unused.Add(this);

        public BandDeflater Deflater { get; } = new();

        public Span<byte> Indices(int length)
        {
            if (indices.Length < length)
                indices = GC.AllocateUninitializedArray<byte>(length);
            return indices;
        }
    }
}
