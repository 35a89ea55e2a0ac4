using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Naming;

namespace Faafo.Scaler.OpenStack.Inventory;

/// <summary>The application credential in the flock's container, with which its programs log in.</summary>
internal static class StoredLogin
{
    private const string ObjectName = "login.json";

    /// <summary>Reads the login; null if none was stored yet, or the object holds something else.</summary>
    public static async Task<ApplicationLogin?> FindAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        var stored = await ContainerObject.ReadAsync(cloud, names, ObjectName, cancellationToken);
        try
        {
            var login = stored is null ? null : JsonSerializer.Deserialize(stored, StoredLoginJson.Default.ApplicationLogin);
            return login is { Id.Length: > 0, Secret.Length: > 0 } ? login : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Stores the login in place of an earlier one.</summary>
    public static async Task WriteAsync(
        OpenStackClient cloud, ResourceNames names, ApplicationLogin login, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(login, StoredLoginJson.Default.ApplicationLogin));
        await cloud.ObjectStorage.UploadObjectAsync(
            names.Container, ObjectName, content, new UploadOptions { Metadata = names.ObjectMetadata }, cancellationToken);
    }
}
