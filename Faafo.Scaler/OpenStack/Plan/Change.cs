namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>One change that <c>up</c> would make.</summary>
/// <param name="Sign"><c>+</c> creates, <c>~</c> changes, <c>-</c> deletes.</param>
/// <param name="What">The resource and what happens to it.</param>
internal sealed record Change(char Sign, string What)
{
    public override string ToString() => $"{Sign} {What}";
}
