namespace Faafo.OpenStack;

/// <summary>The reason why a resource could not be chosen.</summary>
public enum ChoiceProblem
{
    /// <summary>There is none that fits.</summary>
    None,

    /// <summary>There are several; one has to be named.</summary>
    Several,

    /// <summary>The one that was named cannot be used.</summary>
    Unsuitable,
}
