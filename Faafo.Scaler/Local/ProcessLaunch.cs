using System.Diagnostics;
using System.Globalization;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.Local;

/// <summary>How the process of an instance is started: through a shell that writes its pid and redirects its output to its log.</summary>
internal sealed class ProcessLaunch(LocalSettings settings, InstanceDirectory records)
{
    // Ctrl-C in the terminal reaches every process started from it. Only the scaler acts on it, and stops the others in order.
    private const string Launcher =
        "trap '' INT; " + PidFile.Script + """ || exit 1; exec "$0" "$@" >> "$FAAFO_LOG_FILE" 2>&1 < /dev/null""";

    /// <summary>Prepares the start of an instance.</summary>
    /// <param name="program">The program's path.</param>
    /// <param name="group">The instance's group.</param>
    /// <param name="name">The instance's name.</param>
    /// <param name="own">Where it listens; null for a worker.</param>
    public ProcessStartInfo Prepare(string program, GroupSpec group, string name, Uri? own)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", Launcher, .. Command(program, group, name, own)])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[PidFile.Variable] = PidFile.In(records.FolderOf(name));
        start.Environment[PidFile.PlaceVariable] = PidFile.Place;
        start.Environment["FAAFO_LOG_FILE"] = records.Logs.PathOf(name);
        start.Environment["DOTNET_ROOT"] = ProgramPaths.DotnetRoot;
        // Not as arguments, which every user can list: these may contain passwords.
        AddUrl(start, "FAAFO_TRANSPORT_URL", settings.Flock.TransportUrl);
        AddUrl(start, "FAAFO_DATABASE_URL", settings.Flock.DatabaseUrl);
        AddUrl(start, "FAAFO_IMAGE_STORE_URL", settings.Flock.ImageStoreUrl);
        return start;
    }

    private string[] Command(string program, GroupSpec group, string name, Uri? own)
    {
        string[] common = [program, "--state-dir", settings.StateDir, "--node-name", name, "--heartbeat", "1s"];
        var slots = group.Slots.ToString(CultureInfo.InvariantCulture);
        return group.Name switch
        {
            // In a session of its own, since HAProxy acts on Ctrl-C even where the signal is ignored.
            FlockSpec.LoadBalancer => ["setsid", program, "-W", "-f", HAProxyConfiguration.In(records.FolderOf(name))],
            FlockSpec.Api => [.. common, "--urls", own!.AbsoluteUri.TrimEnd('/')],
            _ => [.. common, "--endpoint-url", settings.Endpoint.AbsoluteUri, "--slots", slots],
        };
    }

    private static void AddUrl(ProcessStartInfo start, string variable, string? url)
    {
        if (url is not null)
        {
            start.Environment[variable] = url;
        }
    }
}
