namespace Faafo.Api.Outbox;

/// <summary>One accepted task that the broker has not confirmed yet.</summary>
/// <param name="Id">Its number; entries are published in this order.</param>
/// <param name="Body">The message.</param>
internal sealed record OutboxEntry(long Id, byte[] Body);
