namespace Faafo.OpenStack.ObjectStorage;

internal sealed record Segment(string Path, string Etag, long SizeBytes);
