namespace Faafo.OpenStack.Orchestration;

/// <summary>Heat: stacks of resources from templates.</summary>
public partial class OrchestrationService
{
    private readonly ServiceClient _client;

    /// <summary>Creates a service without a cloud, for tests that override what they call.</summary>
    protected OrchestrationService()
    {
        _client = null!;
    }

    internal OrchestrationService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Orchestration);

    /// <summary>Lists the project's stacks. "GET /stacks".</summary>
    public virtual IAsyncEnumerable<Stack> ListStacksAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/stacks", "stacks", OrchestrationJson.Default.Stack, cancellationToken);

    /// <summary>
    /// Reads a stack with its outputs. Names of stacks that are not deleted are unique. "GET /stacks/{name}", redirected to its id.
    /// </summary>
    /// <exception cref="NotFoundException">There is no such stack.</exception>
    public virtual async Task<Stack> GetStackAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        var path = StackPath(nameOrId);
        var stack = await _client.GetAsync(path, "stack", OrchestrationJson.Default.Stack, cancellationToken).ConfigureAwait(false);

        // The paths of its resources contain the name.
        return PathSegment.IsValid(stack.Name)
            ? stack : throw new MalformedAnswerException(ServiceType.Orchestration, path, $"'{stack.Name}' is not the name of a stack");
    }

    /// <summary>Creates a stack; see <see cref="WaitUntilCompleteAsync"/>. "POST /stacks".</summary>
    /// <exception cref="ConflictException">A stack of that name exists.</exception>
    public virtual async Task<Stack> CreateStackAsync(NewStack stack, CancellationToken cancellationToken = default)
    {
        var created = await _client.SendAsync(
            HttpMethod.Post, "/stacks", stack.ToJson(), "stack", OrchestrationJson.Default.StackReference, cancellationToken)
                .ConfigureAwait(false);
        return await GetStackAsync(created.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Updates the template or the parameters of a stack; see <see cref="WaitUntilCompleteAsync"/>. "PUT /stacks/{name}/{id}".
    /// </summary>
    public virtual async Task UpdateStackAsync(string nameOrId, NewStack stack, CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Put, path, stack.ToJson(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts the deletion of a stack with all its resources; see <see cref="WaitUntilDeletedAsync"/>. "DELETE /stacks/{name}", redirected
    /// to its id.
    /// </summary>
    /// <returns>False when it did not exist.</returns>
    public virtual Task<bool> DeleteStackAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(StackPath(nameOrId), cancellationToken);

    /// <summary>Lists a stack's resources. "GET /stacks/{name}/{id}/resources".</summary>
    public virtual async IAsyncEnumerable<StackResource> ListStackResourcesAsync(
        string nameOrId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false) + "/resources";
        await foreach (var resource in _client.ListAsync(path, "resources", OrchestrationJson.Default.StackResource, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return resource;
        }
    }

    /// <summary>
    /// Marks a resource as unhealthy: the next update of its stack replaces it. "PATCH /stacks/{name}/{id}/resources/{resource}".
    /// </summary>
    public virtual async Task MarkUnhealthyAsync(string nameOrId, string resource, string reason,
        CancellationToken cancellationToken = default)
    {
        var segment = PathSegment.Of(resource);
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        var body = Json.Write(json =>
        {
            json.WriteBoolean("mark_unhealthy", true);
            json.WriteString("resource_status_reason", reason);
        });
        await _client.RunAsync(HttpMethod.Patch, $"{path}/resources/{segment}", body, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Signals a resource, such as a scaling policy. "POST /stacks/{name}/{id}/resources/{resource}/signal".</summary>
    public virtual async Task SignalAsync(string nameOrId, string resource, CancellationToken cancellationToken = default)
    {
        var segment = PathSegment.Of(resource);
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Post, $"{path}/resources/{segment}/signal", "{}"u8.ToArray(),
            cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Calls a webhook from a stack's outputs. A URL of Heat itself gets the token; a signed URL carries its authorization in the query and
    /// gets none. The call is never retried, because scaling is not idempotent.
    /// </summary>
    public virtual async Task SignalAsync(Uri webhook, CancellationToken cancellationToken = default)
    {
        var endpoint = await _client.Session.GetEndpointAsync(ServiceType.Orchestration, cancellationToken).ConfigureAwait(false);
        var ours = webhook.Scheme == endpoint.Scheme && webhook.Authority == endpoint.Authority
            && webhook.AbsolutePath.StartsWith(endpoint.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
            && !webhook.Query.Contains("Signature=", StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook);
        var call = new RequestContext(ServiceType.Orchestration) { Anonymous = !ours };
        using var response = await _client.Session.SendAsync(request, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the current action of a stack is complete.</summary>
    /// <exception cref="ResourceFailedException">The action failed; the message has Heat's reason.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual async Task<Stack> WaitUntilCompleteAsync(string nameOrId, TimeSpan timeout,
        CancellationToken cancellationToken = default)
    {
        var stack = await _client.Poller.UntilAsync(
            $"stack {nameOrId}",
            timeout,
            token => GetStackAsync(nameOrId, token),
            seen => !seen.Status.IsInProgress,
            seen => seen.Status.Value,
            null,
            cancellationToken).ConfigureAwait(false);
        return stack.Status.IsComplete
            ? stack
            : throw new ResourceFailedException("stack", stack.Name, stack.Status.Value, stack.StatusReason);
    }

    /// <summary>Waits until a stack is deleted.</summary>
    /// <param name="id">The id of the stack: its name may already belong to another.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ResourceFailedException">The deletion failed; the message has Heat's reason.</exception>
    /// <exception cref="WaitTimeoutException">The wait exceeded <paramref name="timeout"/>.</exception>
    public virtual async Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        PathSegment.Check(id);
        var last = await _client.Poller.UntilAsync(
            $"stack {id}",
            timeout,
            token => FindUndeletedAsync(id, token),
            seen => seen is null || seen.Status == StackStatus.DeleteFailed,
            seen => seen?.Status.Value ?? "gone",
            null,
            cancellationToken).ConfigureAwait(false);
        if (last?.Status == StackStatus.DeleteFailed)
        {
            throw new ResourceFailedException("stack", id, last.Status.Value, last.StatusReason);
        }
    }

    // Heat still returns a deleted stack by its id, and reports DELETE_COMPLETE before it deletes the row (heat/engine/stack.py, delete):
    // until then the name is in use.
    private async Task<Stack?> FindUndeletedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var stack = await GetStackAsync(id, cancellationToken).ConfigureAwait(false);
            var isDone = stack.Status == StackStatus.DeleteComplete
                && (await GetStackAsync(stack.Name, cancellationToken).ConfigureAwait(false)).Id != id;
            return isDone ? null : stack;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static string StackPath(string nameOrId) => "/stacks/" + PathSegment.Of(nameOrId);

    private async Task<string> FullPathAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var stack = await GetStackAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        return $"{StackPath(stack.Name)}/{PathSegment.Of(stack.Id)}";
    }
}
