using System.Globalization;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>What a project's limits are used for, before and after.</summary>
internal sealed record QuotaLine(string Resource, long Before, long After, long Limit)
{
    /// <summary>Whether it does not fit. A negative limit is none.</summary>
    public bool IsExceeded => Limit >= 0 && After > Limit;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Resource}: {Before} -> {After} of {(Limit < 0 ? "no limit" : Limit)}");
}
