using Xunit;

namespace Faafo.SystemTests;

/// <summary>
/// Tests that run while no other test does, one after the other: they need most of the machine, change the process's environment or
/// measure its memory.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExclusiveCollection
{
    public const string Name = "exclusive";
}
