namespace Faafo.OpenStack;

internal sealed class MillisecondsConverter() : DurationConverter(TimeSpan.TicksPerMillisecond);
