using Faafo.Fractals;

namespace Faafo.Cli;

/// <summary>The outcome of submitting one task: the accepted fractal, or the reason for the refusal.</summary>
internal sealed record SubmissionResult(NewFractal Task, Fractal? Accepted, string? Refusal);
