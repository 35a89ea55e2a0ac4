using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.Options;

namespace Faafo.Scaler.OpenStack.Naming;

/// <summary>
/// The random id of a flock, which distinguishes it from others of the same name. The flock's container keeps it in its metadata, so
/// that any machine with the same login finds it; <c>up</c> generates it and stores it there under the lease.
/// </summary>
/// <param name="Names">The names of the flock's resources; with an id that nothing carries yet if the flock is not registered.</param>
/// <param name="IsRegistered">Whether the container has the id.</param>
internal sealed partial record FlockIdentity(ResourceNames Names, bool IsRegistered)
{
    /// <summary>The metadata of containers and objects that holds the id.</summary>
    public const string IdKey = "Flock-Id";

    /// <summary>The metadata of a container that holds the name.</summary>
    public const string NameKey = "Flock";

    /// <summary>The metadata of a container that holds the region.</summary>
    public const string RegionKey = "Region";

    /// <summary>The metadata of a container that holds the id of the user whose flock it is.</summary>
    public const string UserKey = "Flock-User";

    /// <summary>The metadata of a container whose flock was made by version 0.2 or older.</summary>
    public const string OldMarksKey = "Flock-Old-Marks";

    /// <summary>The start of the metadata of a container that one attempt to create it sets.</summary>
    public const string ClaimPrefix = "Flock-Claim-";

    private const int IdDigits = 12;

    /// <summary>Reads the identity of a flock from the login and the flock's container.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="flock">The name of the flock.</param>
    /// <param name="id">The id that flock.yaml names; null for none.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="OpenStackException">The login is not scoped to a project.</exception>
    /// <exception cref="FailureException">The project has a flock of this name that belongs to another user, or has another id.</exception>
    public static async Task<FlockIdentity> ReadAsync(
        OpenStackClient cloud, string flock, string? id, CancellationToken cancellationToken)
    {
        var token = await cloud.Session.GetTokenAsync(cancellationToken);
        var project = token.Project?.Id ?? throw new OpenStackException(
            $"the login to the cloud {cloud.Session.Config.Name} is not scoped to a project: set project_name in clouds.yaml");
        var onlyRegion = token.Catalog.Regions is [var only] ? only : "";
        var names = new ResourceNames(flock, project, cloud.Session.Config.RegionName ?? onlyRegion);
        if (await FindContainerAsync(cloud, names.Container, cancellationToken) is not { } container
            || !IsOf(container, flock, names.Region))
        {
            return new FlockIdentity(names with { Id = id ?? NewId() }, IsRegistered: false);
        }
        if (IdOf(container.Metadata) is not { } stored)
        {
            var isOld = !container.Metadata.Keys.Any(key => key.StartsWith(ClaimPrefix, StringComparison.OrdinalIgnoreCase));
            return new FlockIdentity(names with { Id = id ?? NewId(), HasOldMarks = isOld }, IsRegistered: false);
        }
        RequireOwn(container, flock, stored, id, token.User);
        return new FlockIdentity(
            names with { Id = stored, HasOldMarks = Find(container.Metadata, OldMarksKey) is not null }, IsRegistered: true);
    }

    /// <summary>Generates an id.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    /// <summary>The id in the metadata of a container or an object; null if there is none.</summary>
    public static string? IdOf(IReadOnlyDictionary<string, string> metadata) => Find(metadata, IdKey);

    /// <summary>Whether a container was made for a flock of this name in this region, with any id.</summary>
    public static bool IsOf(Container container, string flock, string region)
    {
        var recorded = Find(container.Metadata, RegionKey);
        return Find(container.Metadata, NameKey) == flock && (recorded is null || recorded == region);
    }

    /// <summary>Whether another attempt than that with these keys created a container for a flock.</summary>
    public static bool HasOtherClaim(Container container, IEnumerable<string> keys) => container.Metadata.Keys
        .Where(key => key.StartsWith(ClaimPrefix, StringComparison.OrdinalIgnoreCase)
            || key.Equals(IdKey, StringComparison.OrdinalIgnoreCase))
        .Except(keys, StringComparer.OrdinalIgnoreCase).Any();

    /// <summary>Whether a version without ids stored an object of this name.</summary>
    public static bool IsOldObject(string name) => OldObject().IsMatch(name);

    private static string? Find(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.FirstOrDefault(entry => entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    private static async Task<Container?> FindContainerAsync(
        OpenStackClient cloud, string container, CancellationToken cancellationToken)
    {
        try
        {
            return await cloud.ObjectStorage.GetContainerAsync(container, cancellationToken);
        }
        catch (OpenStackException e) when (e is NotFoundException or EndpointNotFoundException)
        {
            return null;
        }
    }

    // Two people may use the same name, the default. To share a flock, the second one sets its id in flock.yaml.
    private static void RequireOwn(Container container, string flock, string stored, string? wanted, NamedReference? user)
    {
        if (wanted is not null && wanted != stored)
        {
            throw new FailureException($"the project's flock '{flock}' has the id {stored}, and flock.yaml names {wanted}: "
                + "give one of them another name");
        }
        if (wanted is null && Find(container.Metadata, UserKey) is { Length: > 0 } owner && user?.Id != owner)
        {
            throw new FailureException($"the project has a flock '{flock}' already, which belongs to the user {owner}: "
                + $"give yours another name, or set 'id: {stored}' in flock.yaml to run it together");
        }
    }

    [GeneratedRegex(@"\A(secret|login\.json|bundle\.json|bundle-[0-9a-f]{16}\.tar\.gz)\z")]
    private static partial Regex OldObject();
}
