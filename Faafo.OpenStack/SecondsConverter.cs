namespace Faafo.OpenStack;

internal sealed class SecondsConverter() : DurationConverter(TimeSpan.TicksPerSecond);
