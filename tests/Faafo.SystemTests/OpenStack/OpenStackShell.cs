using System.Diagnostics;
using System.Text;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// Debian's openstack command line, to check results independently. One process per account reads all commands from its input, because
/// starting it takes most of the time of a command. It exits when its input ends, at the latest with the test run.
/// </summary>
internal sealed class OpenStackShell(string? cloudsYaml, string cloud) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly string _errors = Path.Combine(Reaper.Folder, $"openstack-{Guid.NewGuid():N}.log");
    private Process? _process;

    /// <summary>Runs commands and returns their outputs, one after the other. Any output on stderr fails the test.</summary>
    public async Task<string> RunAsync(params IEnumerable<string> commands)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _process ??= Start();
            var input = string.Join('\n', commands);
            var end = $"end-{Guid.NewGuid():N}";
            await _process.StandardInput.WriteAsync($"{input}\n!echo {end}\n");
            await _process.StandardInput.FlushAsync();
            var output = new StringBuilder();
            string? line;
            do
            {
                line = await _process.StandardOutput.ReadLineAsync();
                output.Append(line).Append('\n');
            }
            while (line?.EndsWith(end, StringComparison.Ordinal) == false);      // the output before it may have no end of line
            var errors = await File.ReadAllTextAsync(_errors);
            if (line is null || errors.Trim().Length > 0)
            {
                Stop();
                Assert.Fail($"openstack {input}\n{errors}");
            }
            return output.Replace(end, "").ToString().Trim();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        Stop();
        _oneAtATime.Dispose();
    }

    private Process Start()
    {
        // stderr goes to a file: unlike a second pipe, it is complete when the next command is read.
        var start = new ProcessStartInfo("bash",
            ["-c", "exec /usr/bin/openstack 2> \"$ERRORS\""])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["ERRORS"] = _errors;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        start.Environment["OS_CLIENT_CONFIG_FILE"] = cloudsYaml;
        start.Environment["OS_CLOUD"] = cloud;
        start.Environment["OS_COMPUTE_API_VERSION"] = "2.52";       // the first that accepts tags with a new server
        start.Environment.Remove("PYTHONPATH");
        start.Environment.Remove("PYTHONHOME");
        return Process.Start(start)!;
    }

    private void Stop()
    {
        _process?.Kill();
        _process?.Dispose();
        _process = null;
    }
}
