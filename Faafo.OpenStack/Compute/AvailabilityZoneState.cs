namespace Faafo.OpenStack.Compute;

internal sealed record AvailabilityZoneState(bool Available);
