namespace Faafo.Nodes;

/// <summary>The load averages of a host over 1, 5 and 15 minutes: processes that run or wait for a CPU.</summary>
public sealed record LoadAverage(double One, double Five, double Fifteen);
