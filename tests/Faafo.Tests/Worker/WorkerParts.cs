using Faafo.Images;
using Faafo.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Faafo.Tests.Worker;

/// <summary>The parts of a worker, composed as <see cref="WorkerHost"/> does.</summary>
internal static class WorkerParts
{
    public static FractalTaskHandler CreateHandler(WorkerOptions options, IImageStore images, IFaafoApi api, InFlightTasks inFlight,
        TimeProvider time, ILogger<ResultReporter>? log = null)
    {
        var reporter = new ResultReporter(options, images, api, time, log ?? NullLogger<ResultReporter>.Instance);
        var renderer = new FractalRenderer(options, images, reporter, inFlight, time, NullLogger<FractalRenderer>.Instance);
        return new FractalTaskHandler(renderer, reporter, inFlight, NullLogger<FractalTaskHandler>.Instance);
    }
}
