namespace Faafo.Tests.Scaler.Policy;

/// <summary>What a simulated run cost, and how long its tasks waited.</summary>
/// <param name="Cost">Instance-seconds for each second of work: 1 is the least possible.</param>
/// <param name="InTime">Share of the tasks that started within the objective.</param>
internal readonly record struct SimulatedRun(double Cost, double InTime);
