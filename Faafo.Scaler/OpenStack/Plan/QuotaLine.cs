using System.Globalization;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>The use of one quota of the project, before and after a change.</summary>
internal sealed record QuotaLine(string Resource, long Before, long After, long Limit)
{
    /// <summary>Whether the change exceeds the limit. A negative limit means unlimited.</summary>
    public bool IsExceeded => Limit >= 0 && After > Limit;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Resource}: {Before} -> {After} of {(Limit < 0 ? "no limit" : Limit)}");
}
