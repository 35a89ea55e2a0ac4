using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.OpenStack.Inventory;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>
/// The secrets of a flock, in its own container, which only its project can read: any machine with the same clouds.yaml finds them.
/// One random secret is stored; the passwords are derived from it (HKDF, RFC 5869), each with its purpose as the info.
/// </summary>
internal sealed class SecretStore(OpenStackClient cloud, ResourceNames names, Action<string> progress)
{
    private const string SecretObject = "secret";
    private const int SecretBytes = 32;

    /// <summary>Reads the secrets, and creates them at the first call. Concurrent callers get the same.</summary>
    public async Task<FlockSecrets> OpenAsync(CancellationToken cancellationToken)
    {
        var key = await ReadKeyAsync(cancellationToken) ?? await CreateKeyAsync(cancellationToken);
        // Derived, not random: of two random keys that were set at the same time, Swift would know only one.
        var tempUrlKey = Derive(key, "temporary addresses");
        await cloud.ObjectStorage.SetTempUrlKeyAsync(names.Container, tempUrlKey, cancellationToken);
        return new FlockSecrets(Derive(key, "database"), Derive(key, "queue"), tempUrlKey, await LoginAsync(cancellationToken));
    }

    /// <summary>Creates a container of the flock if it does not exist, with the metadata by which a later run recognizes it.</summary>
    /// <exception cref="FailureException">The project has another container of this name, which is neither filled nor deleted.</exception>
    public static async Task EnsureContainerAsync(
        OpenStackClient cloud, ResourceNames names, string container, Action<string> progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!names.Owns(await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken)))
            {
                throw NotOurs(names, container);
            }
        }
        catch (NotFoundException)
        {
            await CreateContainerAsync(cloud, names, container, cancellationToken);
            progress($"+ container {container}");
        }
    }

    // Swift merges metadata into a container that someone has created since it was looked for. Another scaler's has a claim of its own or
    // an id; anyone else's gets its metadata back.
    private static async Task CreateContainerAsync(
        OpenStackClient cloud, ResourceNames names, string container, CancellationToken cancellationToken)
    {
        var metadata = Metadata(names, container);
        if (await cloud.ObjectStorage.CreateContainerOnceAsync(container, metadata, cancellationToken))
        {
            return;
        }
        var existing = await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken);
        if (!FlockIdentity.HasOtherClaim(existing, metadata.Keys))
        {
            var update = new ContainerUpdate { Metadata = metadata.Keys.ToDictionary(key => key, _ => "") };
            await cloud.ObjectStorage.UpdateContainerAsync(container, update, cancellationToken);
            throw NotOurs(names, container);
        }
    }

    private static FailureException NotOurs(ResourceNames names, string container)
    {
        var region = names.Region.Length > 0 ? $" in region {names.Region}" : "";
        return new FailureException($"the container {container} exists and does not belong to the flock '{names.Flock}'{region}: "
            + "give the flock another name, or rename the container");
    }

    // The flock's own container gets the id under the lease, which is an object in it.
    private static Dictionary<string, string> Metadata(ResourceNames names, string container)
    {
        var metadata = new Dictionary<string, string>
        {
            [FlockIdentity.NameKey] = names.Flock,
            [FlockIdentity.ClaimPrefix + FlockIdentity.NewId()] = "yes",
        };
        if (names.Region.Length > 0)
        {
            metadata[FlockIdentity.RegionKey] = names.Region;
        }
        if (container != names.Container && names.Id.Length > 0)
        {
            metadata[FlockIdentity.IdKey] = names.Id;
        }
        return metadata;
    }

    // Keystone lists an application credential only to its own user, so a stored one is tested by logging in with it. The secret of one
    // that was created but not stored is lost; but so is that of one whose object was deleted while instances still log in with it.
    private async Task<ApplicationLogin> LoginAsync(CancellationToken cancellationToken)
    {
        var stored = await StoredLogin.FindAsync(cloud, names, cancellationToken);
        if (stored is not null)
        {
            if (await WorksAsync(stored, cancellationToken))
            {
                return stored;
            }
            progress($"  application credential {stored.Id} is no longer valid and is replaced");
        }
        await RevokeUnusedAsync(cancellationToken);
        var name = $"{names.Login}@{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var created = await cloud.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential(name) { Description = names.UserMark }, cancellationToken);
        var login = new ApplicationLogin(created.Id, created.Secret!);
        await StoredLogin.WriteAsync(cloud, names, login, cancellationToken);
        progress($"+ application credential {names.Own}");
        return login;
    }

    // Only a definite rejection by Keystone counts: a new credential means that every instance is replaced.
    private async Task<bool> WorksAsync(ApplicationLogin login, CancellationToken cancellationToken)
    {
        var credential = new ApplicationCredential { Id = login.Id, Secret = login.Secret };
        await using var session = cloud.Session.WithLogin(credential, AuthScope.None);
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
            return false;       // the response to an unknown id (keystone/auth/plugins/core.py, AppCredInfo)
        }
    }

    private async Task RevokeUnusedAsync(CancellationToken cancellationToken)
    {
        var old = await cloud.Identity.ListApplicationCredentialsAsync(cancellationToken: cancellationToken)
            .Where(one => names.Owns(one, storedLogin: null)).ToListAsync(cancellationToken);
        if (old.Count > 0 && (await ManagedResources.ServersAsync(cloud, names, cancellationToken)).Count > 0)
        {
            progress($"  {old.Count} earlier application credentials stay, because instances may use them; 'down' deletes them");
            return;
        }
        foreach (var login in old)
        {
            await new FlockRemoval(cloud, names).DeleteCredentialAsync(login.Id, storedLogin: null, cancellationToken);
            progress($"- application credential {login.Name}: its secret was not stored");
        }
    }

    // Without its secret the flock's queue and database reject everything that is created from now on.
    private async Task<byte[]> CreateKeyAsync(CancellationToken cancellationToken)
    {
        var servers = await ManagedResources.ServersAsync(cloud, names, cancellationToken);
        if (servers.Find(server => FlockServers.GroupOf(server) == FlockSpec.Services) is { } services)
        {
            throw new FailureException($"the object {names.Container}/{SecretObject} is missing or damaged, and {services.Name} has the "
                + "passwords that were derived from it: restore the object, or run 'down' and 'up' to start with empty services");
        }
        var isDamaged = await ContainerObject.ReadAsync(cloud, names, SecretObject, cancellationToken) is not null;
        try
        {
            using var content = new MemoryStream(
                Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true)));
            await cloud.ObjectStorage.UploadObjectAsync(
                names.Container, SecretObject, content,
                new UploadOptions { OnlyIfNew = !isDamaged, Metadata = names.ObjectMetadata }, cancellationToken);
        }
        catch (ConflictException)
        {
            // Another scaler stored its secret first; that one is used.
        }
        return await ReadKeyAsync(cancellationToken)
            ?? throw new OpenStackException($"the object {names.Container}/{SecretObject} cannot be read back after it was stored, "
                + "or is not the flock's: move an object of yours to another container");
    }

    private async Task<byte[]?> ReadKeyAsync(CancellationToken cancellationToken)
    {
        var stored = await ContainerObject.ReadAsync(cloud, names, SecretObject, cancellationToken);
        var key = new byte[SecretBytes];
        return stored?.Length == SecretBytes * 2
            && Convert.FromHexString(Encoding.ASCII.GetString(stored), key, out _, out var written) == OperationStatus.Done
            && written == SecretBytes ? key : null;
    }

    private static string Derive(byte[] key, string purpose) =>
        Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, info: Encoding.ASCII.GetBytes(purpose)));
}
