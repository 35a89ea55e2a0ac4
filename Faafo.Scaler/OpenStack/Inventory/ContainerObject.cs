using Faafo.OpenStack;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>A small object of the flock's container, read as a whole.</summary>
internal static class ContainerObject
{
    private const int Md5Digits = 32;

    /// <summary>Reads an object of the flock's container; null if it does not exist, or does not belong to the flock.</summary>
    /// <exception cref="OpenStackException">
    /// It cannot be read, or the response has no checksum: a proxy wrote it, and its content says nothing about the object.
    /// </exception>
    public static async Task<byte[]?> ReadAsync(
        OpenStackClient cloud, ResourceNames names, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await cloud.ObjectStorage.DownloadObjectAsync(
                names.Container, name, cancellationToken: cancellationToken);
            if (download.Info.ETag.Length != Md5Digits)
            {
                throw new OpenStackException($"the response for {names.Container}/{name} has no checksum: it is not the object");
            }
            if (!names.Owns(download.Info))
            {
                return null;
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
