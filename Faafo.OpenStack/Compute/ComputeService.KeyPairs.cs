namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Lists the user's key pairs. "GET /os-keypairs".</summary>
    public virtual IAsyncEnumerable<KeyPair> ListKeyPairsAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/os-keypairs", "keypairs", ComputeJson.Default.KeyPairItem, cancellationToken).Select(item => item.Keypair);

    /// <summary>Reads a key pair. "GET /os-keypairs/{name}".</summary>
    /// <exception cref="NotFoundException">There is no such key pair.</exception>
    public virtual Task<KeyPair> GetKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/os-keypairs/{PathSegment.Of(name)}", "keypair", ComputeJson.Default.KeyPair, cancellationToken);

    /// <summary>Imports a public key. "POST /os-keypairs".</summary>
    /// <param name="name">The name: letters, digits, spaces, "-", "_", "." and "@".</param>
    /// <param name="publicKey">The public key in OpenSSH's format.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ConflictException">The user already has a key pair with that name.</exception>
    public virtual Task<KeyPair> ImportKeyPairAsync(string name, string publicKey, CancellationToken cancellationToken = default) =>
        PostKeyPairAsync(name, publicKey, cancellationToken);

    /// <summary>Generates a key pair in the cloud; only this reply contains the private key. "POST /os-keypairs".</summary>
    /// <exception cref="ConflictException">The user already has a key pair with that name.</exception>
    public virtual Task<KeyPair> CreateKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        PostKeyPairAsync(name, null, cancellationToken);

    /// <summary>Deletes a key pair. "DELETE /os-keypairs/{name}".</summary>
    /// <returns>False if there was none.</returns>
    public virtual Task<bool> DeleteKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/os-keypairs/{PathSegment.Of(name)}", cancellationToken);

    private Task<KeyPair> PostKeyPairAsync(string name, string? publicKey, CancellationToken cancellationToken) => _client.SendAsync(
        HttpMethod.Post,
        "/os-keypairs",
        Json.Write(json =>
        {
            json.WriteStartObject("keypair");
            json.WriteString("name", name);
            if (publicKey is not null)
            {
                json.WriteString("public_key", publicKey.Trim());
            }
            json.WriteEndObject();
        }),
        "keypair",
        ComputeJson.Default.KeyPair,
        cancellationToken);
}
