using System.Net;
using Faafo.OpenStack;
using Faafo.OpenStack.ObjectStorage;
using Faafo.OpenStack.Orchestration;
using Faafo.Options;
using Faafo.Scaler.OpenStack;

namespace Faafo.Scaler.Heat;

/// <summary>
/// Where the lease of a stack is kept: Heat has no place for it that can be changed without an update of the stack, so it gets a container
/// of its own in the stack's project.
/// </summary>
internal static class StackLease
{
    private const string Key = "Stack";
    private const string Prefix = "faafo-stack-";
    private static readonly TimeSpan RemovalTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Creates the container if it does not exist.</summary>
    /// <exception cref="FailureException">The cloud has no object store for this login, or the container is another's.</exception>
    public static async Task<LeasePlace> PrepareAsync(OpenStackClient cloud, Stack stack, CancellationToken cancellationToken)
    {
        var place = new LeasePlace(Prefix + stack.Id, $"the stack {stack.Name}");
        place = place with { EnsureAsync = token => EnsureAsync(cloud, place, stack.Id, token) };
        try
        {
            await place.EnsureAsync(cancellationToken);
            return place;
        }
        catch (Exception e) when (e is EndpointNotFoundException or OpenStackApiException { Status: HttpStatusCode.Forbidden })
        {
            throw new FailureException(
                $"cannot exclude a second scaler from {place.Subject}, because there is no object store for the lease "
                + $"({e.Message}): make sure that this is the only one, and give --without-lease", e);
        }
    }

    /// <summary>Deletes the container once the lease was given back, unless another scaler has taken it.</summary>
    public static async Task RemoveAsync(
        OpenStackClient cloud, LeasePlace place, TimeProvider time, CancellationToken cancellationToken)
    {
        cloud.Session.AroundChange = null;
        using var limit = new CancellationTokenSource(RemovalTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var container = await cloud.ObjectStorage.GetContainerAsync(place.Container, linked.Token);
            if (IsOf(container, place))
            {
                await cloud.ObjectStorage.DeleteContainerAsync(place.Container, linked.Token);
            }
        }
        catch (Exception e) when (e is OpenStackException or OperationCanceledException)
        {
            // It stays for the next scaler of the stack.
        }
    }

    private static bool IsOf(Container container, LeasePlace place) =>
        Prefix + container.Metadata.GetValueOrDefault(Key) == place.Container;

    private static async Task EnsureAsync(OpenStackClient cloud, LeasePlace place, string id, CancellationToken cancellationToken)
    {
        try
        {
            var container = await cloud.ObjectStorage.GetContainerAsync(place.Container, cancellationToken);
            if (!IsOf(container, place))
            {
                throw new FailureException(
                    $"the container {place.Container} exists and is not the one of {place.Subject}: rename or delete it");
            }
        }
        catch (NotFoundException)
        {
            var metadata = new Dictionary<string, string> { [Key] = id };
            await cloud.ObjectStorage.CreateContainerAsync(place.Container, metadata, cancellationToken);
        }
    }
}
