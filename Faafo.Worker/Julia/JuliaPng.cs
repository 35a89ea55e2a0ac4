namespace Faafo.Worker.Julia;

/// <summary>Draws a picture and writes it as a PNG, a band of rows at a time.</summary>
internal static class JuliaPng
{
    /// <summary>
    /// Returns the rows of a band, a multiple of 8: enough that the code tables of a deflate block pay for themselves, few enough to bound
    /// memory, hence fewer in wide pictures.
    /// </summary>
    public static int BandRows(int width) => width switch { <= 4096 => 64, <= 8192 => 32, _ => 16 };

    /// <summary>
    /// Renders and writes the picture. Up to <paramref name="cores"/> threads, including the calling one, draw and compress bands, which
    /// are written in order; a thread waits when it is two bands per core ahead of the output. The bytes do not depend on the number of
    /// threads.
    /// </summary>
    /// <param name="picture">The picture to draw.</param>
    /// <param name="output">Receives the file by blocking writes; it is not closed.</param>
    /// <param name="cores">1 or more.</param>
    /// <param name="cancellationToken">Stops with an <see cref="OperationCanceledException"/>; the file is incomplete then.</param>
    public static void Write(JuliaPicture picture, Stream output, int cores, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pipeline = new BandPipeline(picture, output, cores, cancellationToken);
        var others = new Task[Math.Min(cores, pipeline.Bands) - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = Task.Run(pipeline.DrawBands, CancellationToken.None);
        }
        pipeline.DrawBands();
        Task.WaitAll(others, CancellationToken.None);
        pipeline.Finish();
    }
}
