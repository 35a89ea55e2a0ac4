namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>One thing that <c>up</c> would do.</summary>
/// <param name="Sign"><c>+</c> creates, <c>~</c> changes, <c>-</c> deletes.</param>
/// <param name="What">The thing in words.</param>
internal sealed record Change(char Sign, string What)
{
    public override string ToString() => $"{Sign} {What}";
}
