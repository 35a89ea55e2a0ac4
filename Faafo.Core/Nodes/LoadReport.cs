namespace Faafo.Nodes;

/// <summary>The response of <c>GET /load</c>: the load of the host of the API.</summary>
/// <param name="LoadAverage">The load averages; null if the system has none.</param>
/// <param name="Cpus">The logical processors.</param>
public sealed record LoadReport(LoadAverage? LoadAverage, int Cpus);
