namespace Faafo.Scaler.Policy;

/// <summary>Finds the instances to delete because they are unhealthy themselves; a healthy one is never deleted for another.</summary>
internal static class HealthCheck
{
    private const double MostUnhealthy = 0.2;

    /// <summary>Finds the unhealthy instances of a group; none in a paused group.</summary>
    public static IReadOnlyList<Removal> FindUnhealthy(PolicyState state, Observation observation, PolicyOptions options)
    {
        if (observation.Paused || observation.MayBePaused)
        {
            return [];
        }
        var silent = observation.Instances.Count(instance => instance.State == InstanceState.Silent);
        // If many are silent at once, the API's readings are the likelier cause, after an outage for instance.
        var trustsSilence = silent <= Math.Max(1, MostUnhealthy * observation.Instances.Count);
        var removals = new List<Removal>();
        foreach (var instance in observation.Instances)
        {
            var duration = observation.Now - state.Observed[instance.Id].Since;
            if (Diagnose(instance.State, duration, trustsSilence, options.BootTimeout) is { } reason)
            {
                var refusals = state.Refusals.TryGetValue(instance.Id, out var refusal) ? refusal.Count : 0;
                removals.Add(new Removal(instance, reason) { Refusals = refusals });
            }
        }
        return removals;
    }

    private static string? Diagnose(InstanceState state, TimeSpan duration, bool trustsSilence, TimeSpan timeout)
    {
        var isOverdue = duration > timeout;
        return state switch
        {
            InstanceState.Left => "has left",
            InstanceState.Dead => "died",
            InstanceState.Booting when isOverdue => $"did not come up within {timeout.TotalSeconds:0} s",
            InstanceState.Silent when isOverdue && trustsSilence => $"has been silent for {duration.TotalSeconds:0} s",
            _ => null,
        };
    }
}
