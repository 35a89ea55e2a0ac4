namespace Faafo.OpenStack.Orchestration;

/// <summary>Heat: stacks of resources made from templates.</summary>
public sealed class OrchestrationService
{
    private readonly ServiceClient _client;

    internal OrchestrationService(CloudSession session) => _client = new ServiceClient(session, ServiceType.Orchestration);

    /// <summary>Lists the project's stacks. "GET /stacks".</summary>
    public IAsyncEnumerable<Stack> ListStacksAsync(CancellationToken cancellationToken = default) =>
        _client.ListAsync("/stacks", "stacks", OrchestrationJson.Default.Stack, cancellationToken);

    /// <summary>Reads a stack with its outputs. Names of living stacks are unique. "GET /stacks/{name}", redirected to its id.</summary>
    /// <exception cref="NotFoundException">There is no such stack.</exception>
    public Task<Stack> GetStackAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        _client.GetAsync(StackPath(nameOrId), "stack", OrchestrationJson.Default.Stack, cancellationToken);

    /// <summary>Makes a stack, which takes a while. "POST /stacks".</summary>
    /// <exception cref="ConflictException">There is a stack of that name.</exception>
    public async Task<Stack> CreateStackAsync(NewStack stack, CancellationToken cancellationToken = default)
    {
        var created = await _client.SendAsync(
            HttpMethod.Post, "/stacks", stack.ToJson(), "stack", OrchestrationJson.Default.StackReference, cancellationToken).ConfigureAwait(false);
        return await GetStackAsync(created.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes a stack to a new template or new parameters, which takes a while. "PUT /stacks/{name}/{id}".</summary>
    public async Task UpdateStackAsync(string nameOrId, NewStack stack, CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Put, path, stack.ToJson(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for a stack and all its resources to be deleted, which takes a while. "DELETE /stacks/{name}", redirected to its id.</summary>
    /// <returns>False when there was none.</returns>
    public Task<bool> DeleteStackAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        _client.DeleteAsync(StackPath(nameOrId), cancellationToken);

    /// <summary>Lists a stack's resources. "GET /stacks/{name}/{id}/resources".</summary>
    public async IAsyncEnumerable<StackResource> ListResourcesAsync(
        string nameOrId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false) + "/resources";
        await foreach (var resource in _client.ListAsync(path, "resources", OrchestrationJson.Default.StackResource, cancellationToken).ConfigureAwait(false))
        {
            yield return resource;
        }
    }

    /// <summary>Says that a resource is broken: the next change of its stack replaces it. "PATCH /stacks/{name}/{id}/resources/{resource}".</summary>
    public async Task MarkUnhealthyAsync(string nameOrId, string resource, string reason, CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        var body = Json.Write(json =>
        {
            json.WriteBoolean("mark_unhealthy", true);
            json.WriteString("resource_status_reason", reason);
        });
        await _client.RunAsync(HttpMethod.Patch, $"{path}/resources/{Uri.EscapeDataString(resource)}", body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Signals a resource, such as a scaling policy. "POST /stacks/{name}/{id}/resources/{resource}/signal".</summary>
    public async Task SignalAsync(string nameOrId, string resource, CancellationToken cancellationToken = default)
    {
        var path = await FullPathAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        await _client.RunAsync(HttpMethod.Post, $"{path}/resources/{Uri.EscapeDataString(resource)}/signal", "{}"u8.ToArray(), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Calls a webhook from a stack's outputs. An address of Heat itself gets the token; a signed one carries its authority in the query and
    /// gets none. A webhook is never called twice, since scaling up twice is not scaling up once.
    /// </summary>
    public async Task SignalAsync(Uri webhook, CancellationToken cancellationToken = default)
    {
        var endpoint = await _client.Session.GetEndpointAsync(ServiceType.Orchestration, cancellationToken).ConfigureAwait(false);
        var ours = webhook.Scheme == endpoint.Scheme && webhook.Authority == endpoint.Authority
            && webhook.AbsolutePath.StartsWith(endpoint.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
            && !webhook.Query.Contains("Signature=", StringComparison.OrdinalIgnoreCase);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook);
        var call = new RequestContext(ServiceType.Orchestration) { Anonymous = !ours };
        using var response = await _client.Session.SendAsync(request, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until whatever is being done to a stack is complete.</summary>
    /// <exception cref="ResourceFailedException">It failed; the message has Heat's reason.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task<Stack> WaitUntilCompleteAsync(string nameOrId, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var stack = await _client.Poller.UntilAsync(
            $"Stack {nameOrId}",
            timeout,
            token => GetStackAsync(nameOrId, token),
            seen => !seen.Status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal),
            seen => seen.Status,
            null,
            cancellationToken).ConfigureAwait(false);
        return stack.Status.EndsWith("_COMPLETE", StringComparison.Ordinal)
            ? stack
            : throw new ResourceFailedException("stack", stack.Name, stack.Status, stack.StatusReason);
    }

    /// <summary>Waits until a stack is gone.</summary>
    /// <param name="id">The stack's id: a name may already stand for another.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ResourceFailedException">The deletion failed; the message has Heat's reason.</exception>
    /// <exception cref="WaitTimeoutException">It takes longer than <paramref name="timeout"/>.</exception>
    public async Task WaitUntilDeletedAsync(string id, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var last = await _client.Poller.UntilAsync(
            $"Stack {id}",
            timeout,
            token => FindUndeletedAsync(id, token),
            seen => seen is null || seen.Status == "DELETE_FAILED",
            seen => seen?.Status ?? "gone",
            null,
            cancellationToken).ConfigureAwait(false);
        if (last?.Status == "DELETE_FAILED")
        {
            throw new ResourceFailedException("stack", id, last.Status, last.StatusReason);
        }
    }

    // Heat shows a deleted stack by its id, and is DELETE_COMPLETE before its row is deleted (heat/engine/stack.py, delete): until then its
    // name is still taken.
    private async Task<Stack?> FindUndeletedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var stack = await GetStackAsync(id, cancellationToken).ConfigureAwait(false);
            var isDone = stack.Status == "DELETE_COMPLETE"
                && (await GetStackAsync(stack.Name, cancellationToken).ConfigureAwait(false)).Id != id;
            return isDone ? null : stack;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    private static string StackPath(string nameOrId) => "/stacks/" + Uri.EscapeDataString(nameOrId);

    private async Task<string> FullPathAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var stack = await GetStackAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        return $"{StackPath(stack.Name)}/{stack.Id}";
    }
}
