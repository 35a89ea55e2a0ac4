using System.CommandLine;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.Heat;
using Faafo.Scaler.Local;
using Faafo.Scaler.OpenStack;
using Faafo.Scaler.Output;
using Faafo.Scaler.Spec;
using Microsoft.Extensions.Configuration;

namespace Faafo.Scaler.Commands;

/// <summary>The options that all commands share, valid before and after the command, and the deployment that they choose.</summary>
internal sealed class SharedOptions
{
    private readonly Option<string?> _flockFile = Recursive(ProgramOption.OptionalText(
        "--flock", "flock.yaml; without it, one API and one to four workers"));

    private readonly Option<string> _stateDir = Recursive(ProgramOption.Text(
        "--state-dir", "Folder of the local flock's data, and of the scaler's log", () => StateDirectory.DefaultPath));

    private readonly Option<int> _port = Recursive(ProgramOption.Number("--port", "Port of the API on 127.0.0.1", 1, 65_535, () => 8080));

    private readonly Option<Uri?> _endpoint = Recursive(ProgramOption.OptionalUrl(
        "--endpoint-url", "The API, for commands that ask it; without it, the flock's own"));

    private readonly Option<string?> _stack = Recursive(ProgramOption.OptionalText(
        "--stack", "On a cloud: a Heat stack whose workers are scaled by its webhooks, instead of a flock that this program created"));

    private readonly List<Option> _onlyLocal = [];
    private readonly List<Option> _onlyOnCloud = [];

    /// <summary>Creates the options.</summary>
    public SharedOptions()
    {
        _onlyLocal.AddRange([_port, Balanced]);
        _onlyOnCloud.AddRange([_stack, WithoutLease]);
    }

    /// <summary><c>--cloud</c>.</summary>
    public Option<string?> Cloud { get; } = Recursive(ProgramOption.OptionalText(
        "--cloud", "Where instances run: local, or a name from clouds.yaml; without it, the cloud of flock.yaml, or local"));

    /// <summary><c>--lb</c>, of <c>up</c>.</summary>
    public Option<bool> Balanced { get; } = ProgramOption.Switch(
        "--lb", "On this host: two or more APIs behind HAProxy, which must be installed; the same as lb: haproxy in flock.yaml");

    /// <summary><c>--without-lease</c>, of <c>run</c>.</summary>
    public Option<bool> WithoutLease { get; } = ProgramOption.Switch(
        "--without-lease", "With --stack on a cloud without an object store: run although nothing excludes a second scaler");

    /// <summary>Adds the options to the program.</summary>
    public void AddTo(Command root)
    {
        foreach (var option in (Option[])[Cloud, _flockFile, _stateDir, _port, _endpoint, _stack])
        {
            root.Add(option);
        }
    }

    /// <summary>Rejects an option where the flock is on a cloud.</summary>
    public Option<T> OnlyLocal<T>(Option<T> option)
    {
        _onlyLocal.Add(option);
        return option;
    }

    /// <summary>Rejects an option where the flock is on this host.</summary>
    public Option<T> OnlyOnCloud<T>(Option<T> option)
    {
        _onlyOnCloud.Add(option);
        return option;
    }

    /// <summary>Has a command work on the deployment that the options choose.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Takes what was parsed and the deployment, and returns the exit code.</param>
    public Command OnDeployment(Command command, Func<ParseResult, IDeployment, CancellationToken, Task<int>> work)
    {
        command.SetAction((parsed, stop) => ErrorTranslation.RunAsync(async () =>
        {
            var options = Read(parsed);
            using var runLog = new RunLog(options.StateDir, Console.Out, TimeProvider.System);
            using var logs = runLog.CreateLoggers(new ConfigurationBuilder().AddEnvironmentVariables().Build());
            return await work(parsed, Choose(parsed, options, runLog, logs), stop);
        }));
        return command;
    }

    /// <summary>Has a command work on the running flock of the deployment that the options choose.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">Takes what was parsed and the flock, and returns the exit code.</param>
    public Command OnFlock(Command command, Func<ParseResult, FlockAccess, CancellationToken, Task<int>> work) =>
        OnDeployment(command, async (parsed, deployment, stop) =>
        {
            await using var flock = await deployment.OpenAsync(stop);
            return await work(parsed, flock, stop);
        });

    private IDeployment Choose(ParseResult parsed, ScalerOptions options, RunLog runLog, ILoggerFactory logs)
    {
        var time = TimeProvider.System;
        if (options.ReadFlock().IsLocal)
        {
            return new LocalDeployment(options, runLog, logs, time);
        }
        if (parsed.GetValue(_stack) is { } stack)
        {
            return new HeatDeployment(options, stack, runLog, logs, time, name => OpenStackClient.FromCloud(name));
        }
        var flocks = new FlockSpecMonitor(options.FlockFile, logs.CreateLogger<FlockSpecMonitor>(), options.Cloud);
        return new OpenStackDeployment(options, flocks, runLog, logs, time, name => OpenStackClient.FromCloud(name));
    }

    private ScalerOptions Read(ParseResult parsed)
    {
        var folder = Path.GetFullPath(parsed.GetValue(_stateDir)!);
        var options = new ScalerOptions(folder, parsed.GetValue(_flockFile), parsed.GetValue(Cloud),
            new Uri($"http://127.0.0.1:{parsed.GetValue(_port)}/"), parsed.GetValue(_endpoint), parsed.GetValue(Balanced))
        {
            WithoutLease = parsed.GetValue(WithoutLease),
        };
        var flock = options.ReadFlock();
        Reject(parsed, flock.IsLocal ? _onlyOnCloud : _onlyLocal, flock.IsLocal ? "a flock on a cloud" : "the local flock");
        if (parsed.GetValue(_stack) is null)
        {
            Reject(parsed, [WithoutLease], "a stack (--stack)");
        }
        if (!flock.IsLocal)
        {
            return options with { StateDir = Path.Combine(folder, "flocks", parsed.GetValue(_stack) ?? flock.Name) };
        }
        // Without --port, a running flock stays on its port.
        var records = new InstanceDirectory(folder);
        var running = parsed.GetResult(_port) is { Implicit: false } ? null : records.FindEndpoint();
        return options with
        {
            Endpoint = running ?? options.Endpoint,
            Balanced = options.Balanced || records.HasBalancer(),
        };
    }

    private static void Reject(ParseResult parsed, IEnumerable<Option> options, string where)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } misplaced)
        {
            throw new UsageException($"{misplaced.Name} is only for {where}");
        }
    }

    private static Option<T> Recursive<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
