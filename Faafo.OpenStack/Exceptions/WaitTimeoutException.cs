using System.Globalization;

namespace Faafo.OpenStack;

/// <summary>A resource did not reach a state in time; it may still do so.</summary>
public sealed class WaitTimeoutException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="what">The resource.</param>
    /// <param name="waited">The duration of the wait.</param>
    /// <param name="lastStatus">The last status that was seen.</param>
    /// <param name="explanation">An explanation, if there is one.</param>
    public WaitTimeoutException(string what, TimeSpan waited, string lastStatus, string? explanation)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"{what} was still {lastStatus} after {waited.TotalSeconds:0} s{(explanation is null ? "" : $": {explanation}")}"))
    {
        Waited = waited;
        LastStatus = lastStatus;
    }

    /// <summary>The duration of the wait.</summary>
    public TimeSpan Waited { get; }

    /// <summary>The last status that was seen.</summary>
    public string LastStatus { get; }
}
