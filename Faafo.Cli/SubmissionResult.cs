using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>What became of one order: the accepted fractal, or why it was refused.</summary>
internal sealed record SubmissionResult(NewFractal Task, Fractal? Accepted, string? Refusal);
