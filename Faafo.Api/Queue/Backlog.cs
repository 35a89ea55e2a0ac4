namespace Faafo.Api.Queue;

/// <summary>The work that is not finished.</summary>
/// <param name="Oldest">When the oldest unfinished fractal was accepted; null when there is none.</param>
/// <param name="Unpublished">Accepted tasks that the broker has not confirmed.</param>
internal sealed record Backlog(DateTimeOffset? Oldest, long Unpublished);
