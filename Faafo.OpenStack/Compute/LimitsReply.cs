namespace Faafo.OpenStack.Compute;

internal sealed record LimitsReply(ComputeLimits Absolute);
