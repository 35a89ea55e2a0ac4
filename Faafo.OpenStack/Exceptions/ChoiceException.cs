namespace Faafo.OpenStack;

/// <summary>Something was to be chosen without a name, and the choice is not clear.</summary>
public sealed class ChoiceException : OpenStackException
{
    internal ChoiceException(string resource, IReadOnlyList<string> names)
        : base(names.Count == 0 ? $"There is no {resource} to choose." : $"There are several {resource}s, name one of: {string.Join(", ", names)}.") => Names = names;

    /// <summary>The names to choose from.</summary>
    public IReadOnlyList<string> Names { get; }
}
