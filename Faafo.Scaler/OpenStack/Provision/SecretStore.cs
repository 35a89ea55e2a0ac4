using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The flock's secrets, in its own container, which only its project can read: any machine with the same clouds.yaml finds them.
/// One random secret is kept; the passwords are derived from it (HKDF, RFC 5869), each with its purpose.
/// </summary>
internal sealed class SecretStore(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private const string SecretObject = "secret";
    private const string LoginObject = "login.json";
    private const int SecretBytes = 32;

    /// <summary>The secrets, made if they are not there yet. Callers that come at the same time get the same.</summary>
    public async Task<FlockSecrets> OpenAsync(CancellationToken cancellationToken)
    {
        var secret = await ReadAsync(SecretObject, cancellationToken);
        if (secret is null)
        {
            await TryCreateAsync(SecretObject, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true)), cancellationToken);
            secret = await ReadAsync(SecretObject, cancellationToken) ?? throw new OpenStackException("The flock's secret cannot be read back.");
        }
        var key = Convert.FromHexString(Encoding.ASCII.GetString(secret));
        // The same for everybody: of two that were made at the same time, one would sign with what Swift does not know.
        var tempUrlKey = Derive(key, "temporary addresses");
        await cloud.ObjectStorage.SetTempUrlKeyAsync(names.Container, tempUrlKey, cancellationToken);
        return new FlockSecrets(Derive(key, "database"), Derive(key, "queue"), tempUrlKey, await LoginAsync(cancellationToken));
    }

    /// <summary>Makes a container of the flock if it is not there yet, with the metadata by which it is known again.</summary>
    /// <exception cref="FailureException">The project has another container of this name, which the flock neither fills nor ever deletes.</exception>
    public static async Task EnsureContainerAsync(
        OpenStackClient cloud, ResourceNames names, string container, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsOf(names, await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken)))
            {
                throw new FailureException($"the project has a container {container} that is not of the flock '{names.Flock}'"
                    + $"{(names.Region.Length > 0 ? $" in region {names.Region}" : "")}: give the flock another name, or rename the container");
            }
        }
        catch (NotFoundException)
        {
            if (await cloud.ObjectStorage.CreateContainerAsync(container, Metadata(names), cancellationToken))
            {
                progress($"+ container {container}");
            }
        }
    }

    /// <summary>Whether a container is the flock's. Several regions may share one Swift; a container without a region is of version 0.1.</summary>
    public static bool IsOf(ResourceNames names, Container container)
    {
        return Value("Flock") == names.Flock && Value("Region") is var region && (region is null || region == names.Region);

        string? Value(string key) => container.Metadata.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>What the flock's instances log in with; null when nothing was stored yet.</summary>
    /// <exception cref="FailureException">Something else was stored.</exception>
    public static async Task<ApplicationLogin?> StoredLoginAsync(OpenStackClient cloud, ResourceNames names, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cloud, names, LoginObject, cancellationToken) is not { } stored)
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(stored, SecretStoreJson.Default.ApplicationLogin);
        }
        catch (JsonException e)
        {
            throw new FailureException($"{names.Container}/{LoginObject} is not what a scaler stores there: delete it, and 'up' creates another login", e);
        }
    }

    private static Dictionary<string, string> Metadata(ResourceNames names)
    {
        var metadata = new Dictionary<string, string> { ["Flock"] = names.Flock };
        if (names.Region.Length > 0)
        {
            metadata["Region"] = names.Region;
        }
        return metadata;
    }

    // Keystone lists an application credential only to its own user, so a stored one is tested by using it. One that was created but not
    // stored in time has a secret that no one knows, but so has one whose object was deleted while instances live on it.
    private async Task<ApplicationLogin> LoginAsync(CancellationToken cancellationToken)
    {
        if (await StoredLoginAsync(cloud, names, cancellationToken) is { } stored)
        {
            if (await WorksAsync(stored, cancellationToken))
            {
                return stored;
            }
            progress($"  application credential {stored.Id} no longer works: another takes its place");
        }
        await RevokeUnusedAsync(cancellationToken);
        var made = await cloud.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential($"{names.Login}@{RandomNumberGenerator.GetHexString(8, lowercase: true)}") { Description = names.UserMark }, cancellationToken);
        var fresh = new ApplicationLogin(made.Id, made.Secret!);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(fresh, SecretStoreJson.Default.ApplicationLogin));
        await cloud.ObjectStorage.UploadAsync(names.Container, LoginObject, content, cancellationToken: cancellationToken);
        progress($"+ application credential {names.Own}");
        return fresh;
    }

    // Only a definite refusal by Keystone means that it does not work: replacing it replaces every instance.
    private async Task<bool> WorksAsync(ApplicationLogin login, CancellationToken cancellationToken)
    {
        var credential = new ApplicationCredential { Id = login.Id, Secret = login.Secret };
        await using var session = new CloudSession(cloud.Session.Config with { Credential = credential, Scope = AuthScope.None });
        try
        {
            return names.IsInProject((await session.GetTokenAsync(cancellationToken)).Project?.Id);
        }
        catch (UnauthorizedException)
        {
            return false;
        }
        catch (NotFoundException e) when (e.Detail?.Contains(login.Id, StringComparison.Ordinal) == true)
        {
            return false;       // what Keystone says of an id that it does not know (keystone/auth/plugins/core.py, AppCredInfo)
        }
    }

    private async Task RevokeUnusedAsync(CancellationToken cancellationToken)
    {
        var old = await cloud.Identity.ListApplicationCredentialsAsync(cancellationToken: cancellationToken)
            .Where(names.Owns).ToListAsync(cancellationToken);
        if (old.Count > 0 && (await ManagedResources.ServersAsync(cloud, names, cancellationToken)).Count > 0)
        {
            progress($"  {old.Count} earlier application credentials are left, since instances may use them: 'down' deletes them");
            return;
        }
        foreach (var login in old)
        {
            await cloud.Identity.DeleteApplicationCredentialAsync(login.Id, cancellationToken);
            progress($"- application credential {login.Name}: its secret was not stored");
        }
    }

    private async Task TryCreateAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(bytes);
            await cloud.ObjectStorage.UploadAsync(names.Container, name, content, new UploadOptions { OnlyIfNew = true }, cancellationToken);
        }
        catch (ConflictException)
        {
            // Someone else was faster, and theirs counts.
        }
    }

    private Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => ReadAsync(cloud, names, name, cancellationToken);

    private static async Task<byte[]?> ReadAsync(OpenStackClient cloud, ResourceNames names, string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var download = await cloud.ObjectStorage.DownloadAsync(names.Container, name, cancellationToken: cancellationToken);
            using var bytes = new MemoryStream();
            await download.Content.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static string Derive(byte[] key, string purpose) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, info: Encoding.ASCII.GetBytes(purpose)));
}
