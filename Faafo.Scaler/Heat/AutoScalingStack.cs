using System.Globalization;
using Faafo.OpenStack.Orchestration;
using Faafo.Options;

namespace Faafo.Scaler.Heat;

/// <summary>The outputs of a stack whose workers can be scaled, as <c>samples/heat/faafo_autoscaling_workers.yaml</c> has them.</summary>
/// <param name="Name">The name of the stack.</param>
/// <param name="Group">The id of its auto-scaling group.</param>
/// <param name="ScaleUp">The webhook that adds a worker.</param>
/// <param name="ScaleDown">The webhook that removes a worker.</param>
/// <param name="Api">The API.</param>
/// <param name="Min">The fewest workers that Heat keeps.</param>
/// <param name="Max">The most workers that Heat creates.</param>
internal sealed record AutoScalingStack(string Name, string Group, Uri ScaleUp, Uri ScaleDown, Uri Api, int Min, int Max)
{
    /// <summary>The type of the resource that holds the workers.</summary>
    public const string GroupType = "OS::Heat::AutoScalingGroup";

    /// <summary>Reads the outputs of a stack.</summary>
    /// <exception cref="FailureException">An output is missing or invalid.</exception>
    public static AutoScalingStack Read(Stack stack, string group) => new(stack.Name, group, Url(stack, "scale_up_url"),
        Url(stack, "scale_down_url"), Url(stack, "api_url"), Number(stack, "min_workers"), Number(stack, "max_workers"));

    private static Uri Url(Stack stack, string key) =>
        Uri.TryCreate(stack.Output(key), UriKind.Absolute, out var url) ? url : throw Invalid(stack, key, "a URL");

    private static int Number(Stack stack, string key) =>
        int.TryParse(stack.Output(key), CultureInfo.InvariantCulture, out var number) ? number
            : throw Invalid(stack, key, "a whole number");

    private static FailureException Invalid(Stack stack, string key, string kind) => new(
        $"the output {key} of the stack {stack.Name} must be {kind} (got '{stack.Output(key)}'): "
        + "see samples/heat/faafo_autoscaling_workers.yaml");
}
