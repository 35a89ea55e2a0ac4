namespace Faafo.Scaler.Control;

/// <summary>The one way into a cloud: this host, an OpenStack project, or a stack of Heat. The commands know nothing else of it.</summary>
internal interface IDeployment
{
    /// <summary>Prints what <c>up</c> and <c>roll</c> would change.</summary>
    /// <returns>The number of changes.</returns>
    Task<int> PlanAsync(CancellationToken cancellationToken);

    /// <summary>Creates what is missing and runs the control loop until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    Task<int> UpAsync(UpOptions how, CancellationToken stop);

    /// <summary>Runs the control loop over the instances that exist, and leaves them running when it is stopped.</summary>
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(CancellationToken stop);

    /// <summary>Stops and deletes the flock.</summary>
    /// <param name="images">Whether to delete the stored images too.</param>
    /// <param name="stop">Stops waiting.</param>
    /// <returns>The exit code.</returns>
    Task<int> DownAsync(bool images, CancellationToken stop);

    /// <summary>Opens the running flock for a command that reads or overrides it.</summary>
    /// <exception cref="Faafo.Options.UsageException">The API that the command line names belongs to another flock.</exception>
    Task<FlockAccess> OpenAsync(CancellationToken cancellationToken);
}
