using System.Runtime.CompilerServices;

namespace Faafo.OpenStack.Orchestration;

public partial class OrchestrationService
{
    /// <summary>Lists what happened to a stack, oldest first. "GET /stacks/{name}/{id}/events".</summary>
    /// <param name="nameOrId">The stack.</param>
    /// <param name="resource">Filters by the name of a resource.</param>
    /// <param name="after">The id of the last event that is already known; <c>null</c> for all events.</param>
    /// <param name="nestedDepth">How many levels of nested stacks to include, such as the members of a group; 0 for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public virtual async IAsyncEnumerable<StackEvent> ListStackEventsAsync(
        string nameOrId,
        string? resource = null,
        string? after = null,
        int nestedDepth = 0,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Not ".../resources/{resource}/events", which is 404 while the resource has no events.
        var path = new QueryString(await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false) + "/events")
            .Add("resource_name", resource)
            .Add("marker", after)
            .Add("nested_depth", nestedDepth > 0 ? nestedDepth : null)
            .Add("sort_dir", "asc")
            .ToString();
        await foreach (var item in _client.ListAsync(path, "events", OrchestrationJson.Default.StackEvent, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <summary>
    /// Stops an update that is in progress; see <see cref="WaitUntilCompleteAsync"/>. Heat accepts this only while the status is
    /// UPDATE_IN_PROGRESS, or CREATE_IN_PROGRESS without rollback. "POST /stacks/{name}/{id}/actions".
    /// </summary>
    /// <param name="nameOrId">The stack.</param>
    /// <param name="rollback">Whether to return to the state before the update; otherwise the stack stays half updated.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OpenStackApiException">No update is in progress.</exception>
    public virtual async Task CancelStackUpdateAsync(string nameOrId, bool rollback = true, CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false) + "/actions";
        var body = Json.Write(json => json.WriteNull(rollback ? "cancel_update" : "cancel_without_rollback"));
        await _client.RunAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
    }
}
