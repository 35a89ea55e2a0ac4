using Faafo.OpenStack.Images;

namespace Faafo.OpenStack.Compute;

public partial class ComputeService
{
    /// <summary>Lists the flavors that the project may use. "GET /flavors/detail".</summary>
    public virtual IAsyncEnumerable<Flavor> ListFlavorsAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/flavors/detail", "flavors", ComputeJson.Default.Flavor, cancellationToken);

    /// <summary>Reads a flavor. "GET /flavors/{id}".</summary>
    /// <exception cref="NotFoundException">There is no such flavor.</exception>
    public virtual Task<Flavor> GetFlavorAsync(string id, CancellationToken cancellationToken = default) =>
        _client.GetAsync($"/flavors/{PathSegment.Of(id)}", "flavor", ComputeJson.Default.Flavor, cancellationToken);

    /// <summary>Finds the only flavor with a name or id.</summary>
    /// <exception cref="NameNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousNameException">There are several.</exception>
    public virtual Task<Flavor> FindFlavorAsync(string nameOrId, CancellationToken cancellationToken = default) => NameLookup.FindAsync(
        "flavor",
        nameOrId,
        GetFlavorAsync,
        ListFlavorsAsync(cancellationToken),
        flavor => flavor.Name,
        flavor => flavor.Id,
        cancellationToken);

    /// <inheritdoc cref="ChooseFlavorAsync(string?, Image, int, CancellationToken)"/>
    public virtual Task<Flavor> ChooseFlavorAsync(string? nameOrId, Image image, CancellationToken cancellationToken = default) =>
        ChooseFlavorAsync(nameOrId, image, 0, cancellationToken);

    /// <summary>
    /// Chooses a flavor that an image fits in: the named one, or the smallest by memory, then processors, then disk. Nova itself rejects a
    /// flavor that is too small only when the server is created.
    /// </summary>
    /// <param name="nameOrId">The name or id; <c>null</c> for the smallest.</param>
    /// <param name="image">The image; see <see cref="Flavor.Fits"/>.</param>
    /// <param name="minRam">The least memory in MiB of the smallest, if the image itself needs less.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="NameNotFoundException">There is no flavor with that name or id.</exception>
    /// <exception cref="ChoiceException">The image does not fit in the named flavor, or in any.</exception>
    public virtual async Task<Flavor> ChooseFlavorAsync(
        string? nameOrId, Image image, int minRam, CancellationToken cancellationToken = default)
    {
        if (nameOrId is not null)
        {
            var named = await FindFlavorAsync(nameOrId, cancellationToken).ConfigureAwait(false);
            return named.Fits(image) ? named : throw new ChoiceException(
                "flavor",
                ChoiceProblem.Unsuitable,
                [named.Name],
                $"{named.Name} ({named.Ram} MiB of memory, {named.Disk} GiB of disk) is too small for the image {image.Name}, "
                + $"which needs {image.MinRam} MiB and {image.RequiredDisk} GiB");
        }
        var all = await ListFlavorsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        var smallest = all.Where(flavor => flavor.Ram >= minRam && flavor.Fits(image))
            .OrderBy(flavor => flavor.Ram).ThenBy(flavor => flavor.Vcpus).ThenBy(flavor => flavor.Disk).FirstOrDefault();
        return smallest ?? throw new ChoiceException(
            "flavor",
            ChoiceProblem.None,
            [.. all.Select(flavor => flavor.Name)],
            $"no flavor has {Math.Max(minRam, image.MinRam)} MiB of memory and {image.RequiredDisk} GiB of disk; "
            + $"choose one of: {string.Join(", ", all.Select(flavor => flavor.Name))}");
    }
}
