using Xunit;

namespace Faafo.Tests.Scaler.Crash;

/// <summary>
/// Tests in simulated time. They run alone: the driver lets time pass when the thread pool is idle, which work of other tests hides.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimulationCollection
{
    public const string Name = "simulation";
}
