using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Web;
using Faafo.Fractals;
using Faafo.Nodes;

namespace Faafo;

/// <summary>
/// Calls of the API that need more than one exchange or a closer look at the response. "None" is reported only where the API's own problem
/// document says so: the 404 of a proxy is an error like any other.
/// </summary>
/// <remarks>All of them throw <see cref="FaafoApiException"/>.</remarks>
public static class FaafoApiExtensions
{
    private const int MostAttempts = 20;

    /// <summary>Creates a fractal and checks that the response is about it.</summary>
    public static async Task<Fractal> CreateAsync(this IFaafoApi api, NewFractal fractal, CancellationToken cancellationToken) =>
        Check(await api.PostFractalAsync(fractal, cancellationToken), fractal.Uuid);

    /// <summary>Finds a fractal; null if there is none.</summary>
    public static async Task<Fractal?> FindAsync(this IFaafoApi api, Guid uuid, CancellationToken cancellationToken)
    {
        try
        {
            return Check(await api.GetFractalAsync(uuid, cancellationToken), uuid);
        }
        catch (FaafoApiException e) when (e.Type == Problem.NoSuchFractal)
        {
            return null;
        }
    }

    /// <summary>Lists all fractals in the order of uuid, page by page along the <c>next</c> links.</summary>
    public static async IAsyncEnumerable<Fractal> ListAsync(
        this IFaafoApi api, [EnumeratorCancellation] CancellationToken cancellationToken, int resultsPerPage = 100)
    {
        var page = 1;
        Guid? after = null;
        while (true)
        {
            using var response = await api.GetFractalsAsync(page, resultsPerPage, after, cancellationToken);
            foreach (var fractal in response.Content!.Objects)
            {
                yield return fractal;
            }
            if (FindNextLink(response.Headers!) is not { } next)
            {
                yield break;
            }
            // Only the query counts: behind a proxy, the API does not know its public name.
            var query = HttpUtility.ParseQueryString(next[(next.IndexOf('?', StringComparison.Ordinal) + 1)..]);
            page = int.TryParse(query["page"], out var number) ? number : page + 1;
            after = Guid.TryParse(query["after"], out var uuid) ? uuid : null;
        }
    }

    /// <summary>Deletes a fractal; false if there is none.</summary>
    public static Task<bool> DeleteAsync(this IFaafoApi api, Guid uuid, CancellationToken cancellationToken) =>
        ChangeAsync(api.DeleteFractalAsync(uuid, cancellationToken), Problem.NoSuchFractal);

    /// <summary>Reports a result and checks that it was kept; false if the fractal has been deleted.</summary>
    public static async Task<bool> PutResultAsync(
        this IFaafoApi api, Guid uuid, FractalResult result, CancellationToken cancellationToken)
    {
        try
        {
            var fractal = Check(await api.PutFractalAsync(uuid, result, cancellationToken), uuid);
            var isKept = result.Error is null
                ? string.Equals(fractal.Checksum, result.Checksum, StringComparison.OrdinalIgnoreCase)
                : fractal.IsFinished;
            return isKept ? true : throw Foreign($"the API did not keep the result of fractal {uuid}");
        }
        catch (FaafoApiException e) when (e.Type == Problem.NoSuchFractal)
        {
            return false;
        }
    }

    /// <summary>
    /// Copies the picture of a fractal to a stream; false if there is none. A download may fail in the middle, after a part was written.
    /// </summary>
    public static async Task<bool> CopyImageAsync(
        this IFaafoApi api, Guid uuid, Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            await using var image = await api.GetImageAsync(uuid, cancellationToken);
            await image.CopyToAsync(destination, cancellationToken);
            return true;
        }
        catch (FaafoApiException e) when (e.Type is Problem.NoSuchFractal or Problem.NoSuchImage)
        {
            return false;
        }
    }

    /// <summary>Asks a node to drain, or cancels that; false if there is no such node.</summary>
    public static Task<bool> DrainNodeAsync(this IFaafoApi api, string name, bool drain, CancellationToken cancellationToken)
    {
        var change = drain ? api.PostDrainAsync(name, cancellationToken) : api.DeleteDrainAsync(name, cancellationToken);
        return ChangeAsync(change, Problem.NoSuchNode);
    }

    /// <summary>Forgets a node; false if there is no such node.</summary>
    public static Task<bool> ForgetNodeAsync(this IFaafoApi api, string name, CancellationToken cancellationToken) =>
        ChangeAsync(api.DeleteNodeAsync(name, cancellationToken), Problem.NoSuchNode);

    /// <summary>Sets the overrides of a group and checks that the response is about it.</summary>
    public static async Task<GroupOverrides> PutGroupAsync(
        this IFaafoApi api, GroupOverrides overrides, CancellationToken cancellationToken)
    {
        var kept = await api.PutGroupAsync(overrides.Group, overrides, cancellationToken);
        return kept.Group == overrides.Group ? kept : throw Foreign($"the response is about group {kept.Group}, not {overrides.Group}");
    }

    /// <summary>
    /// Changes the overrides of a group: reads them, and stores the changed ones if no one else has changed them meanwhile; otherwise it
    /// reads them again.
    /// </summary>
    /// <param name="api">The API.</param>
    /// <param name="group">The group.</param>
    /// <param name="change">Changes the overrides; called again for those of another operator.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <exception cref="FaafoApiException">The API refused it, or others changed the overrides many times in a row.</exception>
    public static async Task<GroupOverrides> ChangeGroupAsync(
        this IFaafoApi api, string group, Func<GroupOverrides, GroupOverrides> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var all = await api.GetGroupsAsync(cancellationToken);
            var current = all.FirstOrDefault(one => one.Group == group)
                ?? new GroupOverrides(group, Paused: false, Size: null) { Version = 0 };
            try
            {
                return await api.PutGroupAsync(change(current), cancellationToken);
            }
            catch (FaafoApiException e) when (e.Type == Problem.OverridesChanged && attempt < MostAttempts)
            {
                // Someone else was faster: apply the change to what they have stored.
            }
        }
    }

    /// <summary>Returns whether the API is ready; false for one that is unreachable.</summary>
    public static async Task<bool> IsReadyAsync(this IFaafoApi api, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetReadyAsync(cancellationToken) == "ok";
        }
        catch (FaafoApiException)
        {
            return false;
        }
    }

    private static Fractal Check(Fractal fractal, Guid uuid) =>
        fractal.Uuid == uuid ? fractal : throw Foreign($"the response is about fractal {fractal.Uuid}, not {uuid}");

    private static FaafoApiException Foreign(string what) => new(200, $"{what}: this is not a Faafo API", null);

    private static async Task<bool> ChangeAsync(Task change, string absent)
    {
        try
        {
            await change;
            return true;
        }
        catch (FaafoApiException e) when (e.Type == absent)
        {
            return false;
        }
    }

    private static string? FindNextLink(HttpResponseHeaders headers)
    {
        foreach (var link in headers.TryGetValues("Link", out var values) ? values.SelectMany(value => value.Split(',')) : [])
        {
            var parts = link.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts[1] == "rel=\"next\"")
            {
                return parts[0].Trim('<', '>');
            }
        }
        return null;
    }
}
