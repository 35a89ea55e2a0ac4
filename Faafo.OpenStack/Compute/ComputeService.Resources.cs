using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Compute;

public sealed partial class ComputeService
{
    /// <summary>Lists the flavors that the project may use. "GET /flavors/detail".</summary>
    public IAsyncEnumerable<Flavor> ListFlavorsAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/flavors/detail", "flavors", ComputeJson.Default.Flavor, cancellationToken);

    /// <summary>Reads a flavor. "GET /flavors/{id}".</summary>
    public Task<Flavor> GetFlavorAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/flavors/{id}", "flavor", ComputeJson.Default.Flavor, cancellationToken);

    /// <summary>Finds the only flavor of a name or id.</summary>
    public Task<Flavor> FindFlavorAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "flavor", nameOrId, GetFlavorAsync, ListFlavorsAsync(cancellationToken), flavor => flavor.Name, flavor => flavor.Id, cancellationToken);

    /// <summary>The flavor of a name or id, or without one the smallest (by memory, processors, disk) that an image fits in.</summary>
    /// <exception cref="NameNotFoundException">There is none of that name or id.</exception>
    /// <exception cref="ChoiceException">None was named, and the image fits in none.</exception>
    public async Task<Flavor> ChooseFlavorAsync(string? nameOrId, Images.Image image, CancellationToken cancellationToken = default)
    {
        if (nameOrId is not null)
        {
            return await FindFlavorAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        }

        var all = new List<Flavor>();
        await foreach (var flavor in ListFlavorsAsync(cancellationToken).ConfigureAwait(false))
        {
            all.Add(flavor);
        }

        // A flavor without a disk takes one of the image's size.
        return all.Where(flavor => flavor.Ram >= image.MinRam && (flavor.Disk == 0 || flavor.Disk >= image.MinDisk))
            .OrderBy(flavor => flavor.Ram).ThenBy(flavor => flavor.Vcpus).ThenBy(flavor => flavor.Disk).FirstOrDefault()
            ?? throw new ChoiceException($"flavor with {image.MinRam} MiB of memory and {image.MinDisk} GiB of disk", []);
    }

    /// <summary>Lists the user's key pairs. "GET /os-keypairs".</summary>
    public async IAsyncEnumerable<KeyPair> ListKeyPairsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in _client.ListAsync("/os-keypairs", "keypairs", ComputeJson.Default.KeyPairItem, cancellationToken).ConfigureAwait(false))
        {
            yield return item.Keypair;
        }
    }

    /// <summary>Reads a key pair. "GET /os-keypairs/{name}".</summary>
    public Task<KeyPair> GetKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/os-keypairs/{Uri.EscapeDataString(name)}", "keypair", ComputeJson.Default.KeyPair, cancellationToken);

    /// <summary>Makes a public key known to the cloud. "POST /os-keypairs".</summary>
    /// <param name="name">The name: letters, digits, spaces, "-", "_", "." and "@".</param>
    /// <param name="publicKey">The public key in OpenSSH's format.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">The user has a key pair of that name.</exception>
    public Task<KeyPair> ImportKeyPairAsync(string name, string publicKey, CancellationToken cancellationToken = default) =>
        PostKeyPairAsync(name, publicKey, cancellationToken);

    /// <summary>Lets the cloud make a key pair; only this reply has the private key. "POST /os-keypairs".</summary>
    /// <exception cref="ConflictException">The user has a key pair of that name.</exception>
    public Task<KeyPair> CreateKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        PostKeyPairAsync(name, null, cancellationToken);

    /// <summary>Deletes a key pair. "DELETE /os-keypairs/{name}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteKeyPairAsync(string name, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/os-keypairs/{Uri.EscapeDataString(name)}", cancellationToken);

    /// <summary>What the project may use and what it uses. "GET /limits".</summary>
    public async Task<ComputeLimits> GetLimitsAsync(CancellationToken cancellationToken = default) =>
        (await _client.GetAsync("/limits", "limits", ComputeJson.Default.LimitsReply, cancellationToken).ConfigureAwait(false)).Absolute;

    /// <summary>The quotas of a project; -1 is without limit. "GET /os-quota-sets/{project}".</summary>
    public Task<ComputeQuotas> GetQuotasAsync(string projectId, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/os-quota-sets/{projectId}", "quota_set", ComputeJson.Default.ComputeQuotas, cancellationToken);

    /// <summary>Lists the project's server groups. "GET /os-server-groups".</summary>
    public IAsyncEnumerable<ServerGroup> ListServerGroupsAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/os-server-groups", "server_groups", ComputeJson.Default.ServerGroup, cancellationToken);

    /// <summary>Makes a server group. "POST /os-server-groups".</summary>
    /// <param name="name">The name.</param>
    /// <param name="policy"><c>affinity</c>, <c>anti-affinity</c>, <c>soft-affinity</c> or <c>soft-anti-affinity</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ServerGroup> CreateServerGroupAsync(string name, string policy, CancellationToken cancellationToken = default)
    {
        var microversion = await _client.MicroversionAsync(cancellationToken).ConfigureAwait(false);
        var single = ApiVersion.Includes(microversion, new Version(2, 64));
        var body = Json.Write(json =>
        {
            json.WriteStartObject("server_group");
            json.WriteString("name", name);
            if (single)
            {
                json.WriteString("policy", policy);
            }
            else
            {
                json.WriteStartArray("policies");
                json.WriteStringValue(policy);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
        return await _client.SendAsync(HttpMethod.Post, "/os-server-groups", body, "server_group", ComputeJson.Default.ServerGroup, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Deletes a server group; its servers stay. "DELETE /os-server-groups/{id}".</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteServerGroupAsync(string id, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/os-server-groups/{id}", cancellationToken);

    /// <summary>Attaches a volume; the volume then becomes in-use. "POST /servers/{id}/os-volume_attachments".</summary>
    public Task<VolumeAttachment> AttachVolumeAsync(string serverId, string volumeId, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        $"/servers/{serverId}/os-volume_attachments",
        Json.Write(json => WriteObject(json, "volumeAttachment", "volumeId", volumeId)),
        "volumeAttachment",
        ComputeJson.Default.VolumeAttachment,
        cancellationToken);

    /// <summary>Detaches a volume; the volume then becomes available. "DELETE /servers/{id}/os-volume_attachments/{volume}".</summary>
    /// <returns>False when it was not attached.</returns>
    public Task<bool> DetachVolumeAsync(string serverId, string volumeId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{serverId}/os-volume_attachments/{volumeId}", cancellationToken);

    /// <summary>Lists a server's ports. "GET /servers/{id}/os-interface".</summary>
    public IAsyncEnumerable<ServerInterface> ListInterfacesAsync(string serverId, CancellationToken cancellationToken = default) =>
        _client.ListAsync($"/servers/{serverId}/os-interface", "interfaceAttachments", ComputeJson.Default.ServerInterface, cancellationToken);

    /// <summary>Gives a server a new port in a network. "POST /servers/{id}/os-interface".</summary>
    public Task<ServerInterface> AttachInterfaceAsync(string serverId, string networkId, CancellationToken cancellationToken = default) => _client.SendAsync(
        HttpMethod.Post,
        $"/servers/{serverId}/os-interface",
        Json.Write(json => WriteObject(json, "interfaceAttachment", "net_id", networkId)),
        "interfaceAttachment",
        ComputeJson.Default.ServerInterface,
        cancellationToken);

    /// <summary>Takes a port from a server. "DELETE /servers/{id}/os-interface/{port}".</summary>
    /// <returns>False when it was not there.</returns>
    public Task<bool> DetachInterfaceAsync(string serverId, string portId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync($"/servers/{serverId}/os-interface/{portId}", cancellationToken);

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
