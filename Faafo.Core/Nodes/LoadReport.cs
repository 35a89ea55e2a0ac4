namespace Faafo.Nodes;

/// <summary>What <c>GET /load</c> answers: the load of the host that the API runs on.</summary>
/// <param name="LoadAverage">Null where the system keeps none.</param>
/// <param name="Cpus">Logical processors.</param>
public sealed record LoadReport(LoadAverage? LoadAverage, int Cpus);
