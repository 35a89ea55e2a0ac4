namespace Faafo.Api.Queue;

/// <summary>When the oldest unfinished fractal was accepted, and how many accepted ones the broker has not confirmed.</summary>
internal sealed record Backlog(DateTimeOffset? Oldest, long Unpublished);
