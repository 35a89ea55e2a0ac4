namespace Faafo.Nodes;

/// <summary>Host load averages over 1, 5 and 15 minutes: processes running or waiting for a cpu.</summary>
public sealed record LoadAverage(double One, double Five, double Fifteen);
