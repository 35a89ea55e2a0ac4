namespace Faafo.Api.Queue;

/// <summary>Sums over all fractals, or differences of them.</summary>
internal sealed class Totals
{
    /// <summary>Rows.</summary>
    public long Fractals { get; init; }

    /// <summary>Rows with an image.</summary>
    public long Done { get; init; }

    /// <summary>Rows neither done nor failed.</summary>
    public long Unfinished { get; init; }

    /// <summary>Pixels times iterations of unfinished rows.</summary>
    public long WorkWaiting { get; init; }

    /// <summary>Fractals ever accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Fractals ever done or failed.</summary>
    public long Finished { get; init; }

    /// <summary>Pixels times iterations ever finished.</summary>
    public long WorkFinished { get; init; }
}
