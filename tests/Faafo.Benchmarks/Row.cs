namespace Faafo.Benchmarks;

/// <summary>A row of the table.</summary>
/// <param name="What">The subject of the comparison.</param>
/// <param name="Baseline">The baseline's figure, with its unit.</param>
/// <param name="Ours">Faafo's figure, with its unit.</param>
/// <param name="Ratio">The ratio of the two.</param>
/// <param name="Goal">The goal; empty for a row that only shows how the cost grows.</param>
/// <param name="Met">Whether the goal is met; null without a goal, or if this machine cannot show it.</param>
/// <param name="Required">Whether a missed goal fails the run: exactness, memory and format do, speeds do not.</param>
internal sealed record Row(string What, string Baseline, string Ours, string Ratio, string Goal, bool? Met, bool Required = false);
