using Faafo.OpenStack;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>A small object of the flock's container, read as a whole.</summary>
internal static class ContainerObject
{
    /// <summary>Reads an object; null if it does not exist.</summary>
    public static async Task<byte[]?> ReadAsync(OpenStackClient cloud, string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await cloud.ObjectStorage.DownloadObjectAsync(container, name, cancellationToken: cancellationToken);
            using var bytes = new MemoryStream();
            await download.Content.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
