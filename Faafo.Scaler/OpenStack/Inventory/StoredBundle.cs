using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>The bundle of programs in the flock's container that new instances install.</summary>
/// <param name="Object">The name of the object.</param>
/// <param name="Sha256">Its checksum, in lower-case hexadecimal digits.</param>
internal sealed record StoredBundle(string Object, string Sha256)
{
    private const string Pointer = "bundle.json";
    private const string Prefix = "bundle-";
    private const string Suffix = ".tar.gz";

    /// <summary>The name of the object of a bundle.</summary>
    public static string NameOf(string sha256) => $"{Prefix}{sha256[..16]}{Suffix}";

    /// <summary>Whether an object holds a bundle, by its name.</summary>
    public static bool IsBundle(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Finds the bundle that new instances install; null if none was stored, or the pointer to it is unreadable.</summary>
    public static async Task<StoredBundle?> FindAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var stored = await ContainerObject.ReadAsync(cloud, names, Pointer, cancellationToken);
        try
        {
            var bundle = stored is null ? null : JsonSerializer.Deserialize(stored, BundleJson.Default.StoredBundle);
            return bundle is { Object.Length: > 0, Sha256.Length: > 0 } ? bundle : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the object of the programs exists.</summary>
    public async Task<bool> ExistsAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        try
        {
            await cloud.ObjectStorage.GetObjectAsync(names.Container, Object, cancellationToken);
            return true;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }

    /// <summary>Makes this the bundle that new instances install.</summary>
    public async Task SelectAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        using var pointer = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(this, BundleJson.Default.StoredBundle));
        await cloud.ObjectStorage.UploadObjectAsync(
            names.Container, Pointer, pointer, new UploadOptions { Metadata = names.ObjectMetadata }, cancellationToken);
    }
}
