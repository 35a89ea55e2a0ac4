using Faafo.OpenStack;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>A small object of the flock's container, read as a whole.</summary>
internal static class ContainerObject
{
    private const int Md5Digits = 32;

    /// <summary>Reads an object; null if it does not exist.</summary>
    /// <exception cref="OpenStackException">
    /// It cannot be read, or the response has no checksum: a proxy wrote it, and its content says nothing about the object.
    /// </exception>
    public static async Task<byte[]?> ReadAsync(OpenStackClient cloud, string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await cloud.ObjectStorage.DownloadObjectAsync(container, name, cancellationToken: cancellationToken);
            if (download.Info.ETag.Length != Md5Digits)
            {
                throw new OpenStackException($"the response for {container}/{name} has no checksum: it is not the object");
            }
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
