namespace Faafo.OpenStack.Orchestration;

internal sealed record StackReference(string Id);
