using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.Topology;

/// <summary>What the flock's programs log in with, and what the addresses of their bundle are signed with.</summary>
internal sealed record FlockSecrets(string DatabasePassword, string QueuePassword, string TempUrlKey, ApplicationLogin Login)
{
    // Nobody shall find them in a log.
    public override string ToString() => "***";
}

/// <summary>An application credential as the programs use it.</summary>
internal sealed record ApplicationLogin(string Id, string Secret);

/// <summary>
/// The flock's secrets, in its own container, which only its project can read: any machine with the same clouds.yaml finds them.
/// One random secret is kept; the passwords are derived from it (HKDF, RFC 5869), each with its purpose.
/// </summary>
internal sealed class Vault(OpenStackClient cloud, Names names, Action<string> progress)
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
        OpenStackClient cloud, Names names, string container, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!IsOf(names, await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken)))
            {
                throw new FailureException(
                    $"the project has a container {container} that is not of the flock '{names.Flock}': give the flock another name, or rename the container");
            }
        }
        catch (NotFoundException)
        {
            if (await cloud.ObjectStorage.CreateContainerAsync(container, new Dictionary<string, string> { ["Flock"] = names.Flock }, cancellationToken))
            {
                progress($"+ container {container}");
            }
        }
    }

    /// <summary>Whether a container is the flock's.</summary>
    public static bool IsOf(Names names, Container container) =>
        container.Metadata.Any(entry => entry.Key.Equals("Flock", StringComparison.OrdinalIgnoreCase) && entry.Value == names.Flock);

    // Keystone shows a secret once: a credential whose secret was not stored in time is of no use to anybody.
    private async Task<ApplicationLogin> LoginAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(LoginObject, cancellationToken) is { } stored)
        {
            var login = JsonSerializer.Deserialize(stored, VaultJson.Default.ApplicationLogin)!;
            await foreach (var known in cloud.Identity.ListApplicationCredentialsAsync(names.Own, cancellationToken))
            {
                if (known.Id == login.Id)
                {
                    return login;
                }
            }
        }
        if (await RevokeAsync(cancellationToken))
        {
            progress($"- application credential {names.Own}: nobody has its secret");
        }
        var made = await cloud.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential(names.Own) { Description = names.Mark }, cancellationToken);
        var fresh = new ApplicationLogin(made.Id, made.Secret!);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(fresh, VaultJson.Default.ApplicationLogin));
        await cloud.ObjectStorage.UploadAsync(names.Container, LoginObject, content, cancellationToken: cancellationToken);
        progress($"+ application credential {names.Own}");
        return fresh;
    }

    private async Task<bool> RevokeAsync(CancellationToken cancellationToken)
    {
        var revoked = false;
        await foreach (var login in cloud.Identity.ListApplicationCredentialsAsync(names.Own, cancellationToken))
        {
            revoked |= login.Description == names.Mark && await cloud.Identity.DeleteApplicationCredentialAsync(login.Id, cancellationToken);
        }
        return revoked;
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

    private async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
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

[JsonSerializable(typeof(ApplicationLogin))]
internal sealed partial class VaultJson : JsonSerializerContext;
