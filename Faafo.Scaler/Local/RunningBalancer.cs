namespace Faafo.Scaler.Local;

/// <summary>The running HAProxy.</summary>
/// <param name="Name">Its instance.</param>
/// <param name="Process">The id of its master process.</param>
/// <param name="CreatedAt">When it was started.</param>
/// <param name="Statistics">Its statistics page.</param>
/// <param name="ConfigFile">Its configuration.</param>
internal sealed record RunningBalancer(string Name, int Process, DateTimeOffset CreatedAt, Uri Statistics, string ConfigFile)
{
    /// <summary>Finds it; null when none runs.</summary>
    public static RunningBalancer? Find(InstanceDirectory records)
    {
        var record = records.List().FirstOrDefault(one => one.Group == Spec.FlockSpec.LoadBalancer);
        if (record?.Own is not { } statistics)
        {
            return null;
        }
        var folder = records.FolderOf(record.Name);
        return PidFile.Find(folder) is { } process
            ? new RunningBalancer(record.Name, process, record.CreatedAt, statistics, HAProxyConfiguration.In(folder))
            : null;
    }
}
