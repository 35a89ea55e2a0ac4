namespace Faafo.OpenStack;

/// <summary>A resource could not be chosen: there is none, there are several, or the one that was named cannot be used.</summary>
public sealed class ChoiceException : OpenStackException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="resource">The kind of resource, such as <c>flavor</c>.</param>
    /// <param name="problem">The reason.</param>
    /// <param name="choices">The names to choose from.</param>
    /// <param name="message">The message.</param>
    public ChoiceException(string resource, ChoiceProblem problem, IReadOnlyList<string> choices, string message)
        : base(message)
    {
        Resource = resource;
        Problem = problem;
        Choices = choices;
    }

    /// <summary>The kind of resource, such as <c>flavor</c> or <c>external network</c>.</summary>
    public string Resource { get; }

    /// <summary>The reason.</summary>
    public ChoiceProblem Problem { get; }

    /// <summary>The names to choose from.</summary>
    public IReadOnlyList<string> Choices { get; }
}
