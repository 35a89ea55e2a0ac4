namespace Faafo.Api.Outbox;

/// <summary>One accepted task that the broker has not confirmed yet.</summary>
internal sealed record OutboxEntry(long Id, byte[] Body);
