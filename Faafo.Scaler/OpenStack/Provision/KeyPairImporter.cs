using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>Imports the public key file of a flock as its key pair.</summary>
internal static class KeyPairImporter
{
    /// <summary>Creates the flock's own key pair if flock.yaml names a public key file and it does not exist yet.</summary>
    /// <returns>The name of the instances' key pair; null for none.</returns>
    /// <exception cref="FailureException">The key pair exists with another key.</exception>
    public static async Task<string?> EnsureAsync(
        OpenStackClient cloud, FlockSpec flock, ResourceNames names, Action<string> progress, CancellationToken cancellationToken)
    {
        if (flock.PublicKeyFile is not { } file)
        {
            return flock.KeyPair;
        }
        var key = (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        var existing = await cloud.Compute.ListKeyPairsAsync(cancellationToken)
            .FirstOrDefaultAsync(names.Owns, cancellationToken);
        if (existing is null)
        {
            await cloud.Compute.ImportKeyPairAsync(names.KeyPair, key, cancellationToken);
            progress($"+ key pair {names.KeyPair}");
        }
        else if (existing.PublicKey is { } other && WithoutComment(other) != WithoutComment(key))
        {
            throw new FailureException($"the key pair {names.KeyPair} exists with another key than {file}: "
                + $"delete it with 'openstack keypair delete {names.KeyPair}', or set public_key_file to the file of its key");
        }
        return names.KeyPair;
    }

    // A public key is a type, a key and a comment.
    private static string WithoutComment(string key) =>
        string.Join(' ', key.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(2));
}
