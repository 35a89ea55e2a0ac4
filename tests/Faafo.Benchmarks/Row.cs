namespace Faafo.Benchmarks;

/// <summary>A row of the table.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Baseline">The baseline's figure, with its unit.</param>
/// <param name="Ours">Our figure, with its unit.</param>
/// <param name="Ratio">How the two compare.</param>
/// <param name="Goal">The target; empty where a row only shows how cost grows.</param>
/// <param name="Met">Whether the goal is met; null without a goal, or if this machine cannot measure it.</param>
/// <param name="Required">Whether a missed goal fails the run: true for exactness, memory and format, false for speed.</param>
internal sealed record Row(string What, string Baseline, string Ours, string Ratio, string Goal, bool? Met, bool Required = false);
