namespace Faafo.Api.Fractals;

/// <summary>A request that waits for its transaction.</summary>
internal interface IPending
{
    /// <summary>Fails the request, unless it has been answered already.</summary>
    void Fail(Exception reason);
}
