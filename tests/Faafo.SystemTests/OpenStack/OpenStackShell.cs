using System.Diagnostics;
using System.Text;
using Faafo.TestKit.Processes;
using Xunit;

namespace Faafo.SystemTests.OpenStack;

/// <summary>
/// Debian's openstack command line, to look at results by other eyes. One process per account reads all commands from its input, since
/// most of what such a process does is to start; it ends when its input does, so with the test run at the latest.
/// </summary>
internal sealed class OpenStackShell(string? cloudsYaml, string cloud) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly string _errors = Path.Combine(Reaper.Folder, $"openstack-{Guid.NewGuid():N}.log");
    private Process? _process;

    /// <summary>What it prints to some commands, one output after the other; a word on stderr fails the test.</summary>
    public async Task<string> RunAsync(params IEnumerable<string> commands)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _process ??= Start();
            var asked = string.Join('\n', commands);
            var end = $"end-{Guid.NewGuid():N}";
            await _process.StandardInput.WriteAsync($"{asked}\n!echo {end}\n");
            await _process.StandardInput.FlushAsync();
            var output = new StringBuilder();
            string? line;
            do
            {
                line = await _process.StandardOutput.ReadLineAsync();
                output.Append(line).Append('\n');
            }
            while (line is not null && !line.EndsWith(end, StringComparison.Ordinal));      // what is before it may have no end of line
            var errors = await File.ReadAllTextAsync(_errors);
            if (line is null || errors.Trim().Length > 0)
            {
                Stop();
                Assert.Fail($"openstack {asked}\n{errors}");
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
        // What is on stderr has been written when the next command is read: a file, unlike a second pipe, has it by then.
        var start = new ProcessStartInfo("bash", ["-c", "exec /usr/bin/openstack 2> \"$ERRORS\""]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["ERRORS"] = _errors;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        start.Environment["OS_CLIENT_CONFIG_FILE"] = cloudsYaml;
        start.Environment["OS_CLOUD"] = cloud;
        start.Environment["OS_COMPUTE_API_VERSION"] = "2.52";       // The first that takes tags with a new server.
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
