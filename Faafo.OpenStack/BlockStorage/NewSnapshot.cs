namespace Faafo.OpenStack.BlockStorage;

internal sealed record NewSnapshot(string VolumeId, string Name, bool Force, IReadOnlyDictionary<string, string>? Metadata = null);
