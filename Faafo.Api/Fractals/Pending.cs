namespace Faafo.Api.Fractals;

/// <summary>A request that waits for its transaction, and the answer that its caller awaits.</summary>
internal sealed class Pending<TItem, TResult>(TItem item) : IPending
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to write.</summary>
    public TItem Item => item;

    /// <summary>The answer.</summary>
    public Task<TResult> Result => _result.Task;

    /// <summary>Answers the request.</summary>
    public void Complete(TResult result) => _result.TrySetResult(result);

    public void Fail(Exception reason) => _result.TrySetException(reason);
}
