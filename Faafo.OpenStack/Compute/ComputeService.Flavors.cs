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
}
