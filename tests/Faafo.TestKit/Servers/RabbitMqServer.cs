using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Faafo.TestKit.Processes;
using RabbitMQ.Client.Exceptions;

namespace Faafo.TestKit.Servers;

/// <summary>
/// A RabbitMQ broker from Debian's package on loopback, with its own node name, port mapper, cookie and data directory; each test has its
/// own virtual host. It can be restarted with its data.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string User = "faafo";

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Reaper.Folder, $"rabbitmq-{Guid.NewGuid():N}")).FullName;
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private readonly int _port = FreePort.Next();
    private readonly int _portMapperPort = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();
    private readonly int _vhosts;
    private ChildProcess? _portMapper;
    private ChildProcess? _broker;
    private int _vhost;

    private RabbitMqServer(int vhosts) => _vhosts = vhosts;

    /// <summary>Starts a broker and returns when it responds.</summary>
    /// <param name="vhosts">
    /// The number of virtual hosts to create at the start: about 10 ms each, compared with a second for each one that is created later.
    /// </param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="settings">More lines of rabbitmq.conf.</param>
    public static async Task<RabbitMqServer> StartAsync(
        int vhosts, CancellationToken cancellationToken, params IEnumerable<string> settings)
    {
        var server = new RabbitMqServer(vhosts);
        await server.WriteConfigurationAsync(settings, cancellationToken);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Takes an empty virtual host that no other test has.</summary>
    public TestVhost NewVhost()
    {
        var number = Interlocked.Increment(ref _vhost);
        return number <= _vhosts ? new TestVhost(UrlOf(Vhost(number)))
            : throw new InvalidOperationException($"all {_vhosts} virtual hosts are in use: start the broker with more");
    }

    /// <summary>Whether the broker runs.</summary>
    public bool IsRunning => _broker is { HasExited: false };

    /// <summary>Starts the stopped broker with its data.</summary>
    public async Task StartAgainAsync()
    {
        // Erlang starts a port mapper where none runs, as a daemon that is never stopped.
        _portMapper ??= ChildProcess.Start("epmd", ["-port", Text(_portMapperPort), "-address", "127.0.0.1"]);
        _broker = ChildProcess.Start("/usr/lib/rabbitmq/bin/rabbitmq-server", [], new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["ERL_EPMD_PORT"] = Text(_portMapperPort),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"faafo{_port}@localhost",
            ["RABBITMQ_DIST_PORT"] = Text(_distributionPort),
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_folder, "none"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "none"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            // The start script becomes the broker (exec) instead of waiting for it, so the process id is the broker's.
            ["detached"] = "1",
        });
        await Eventually.TrueAsync("RabbitMQ responds", IsUpAsync, TimeSpan.FromSeconds(90));
    }

    /// <summary>
    /// Waits until a quorum queue survives a crash. RabbitMQ writes its name to the disk half a second after the declaration; a broker that
    /// is killed earlier restarts with an empty queue without a leader (Ra's table of names, RabbitMQ 3.10).
    /// </summary>
    public Task QueueOnDiskAsync(TestVhost vhost, string queue)
    {
        var node = $"faafo{_port}@localhost";
        var names = Path.Combine(_folder, "data", node, "quorum", node, "names.dets");
        var name = Encoding.Latin1.GetBytes($"{vhost.Name}_{queue}");
        return Eventually.TrueAsync($"{vhost.Name}_{queue} in {names}", async token =>
            (await File.ReadAllBytesAsync(names, token)).AsSpan().IndexOf(name) >= 0);
    }

    /// <summary>Stops the broker gracefully; its data stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) => await _broker!.StopAsync(cancellationToken);

    /// <summary>Suspends the broker (SIGSTOP): it keeps its connections and does not respond.</summary>
    public void Freeze() => _broker!.Freeze();

    /// <summary>Resumes the broker.</summary>
    public void Thaw() => _broker!.Thaw();

    /// <summary>Kills the broker, as a power failure would; its data stays.</summary>
    public Task KillAsync() => _broker!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
        if (_portMapper is not null)
        {
            await _portMapper.DisposeAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Vhost(int number) => $"test{number}";

    private Uri UrlOf(string vhost) => new($"amqp://{User}:{_password}@127.0.0.1:{_port}/{vhost}");

    private async Task WriteConfigurationAsync(IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(1, _vhosts).Select(Vhost).ToArray();
        var definitions = new
        {
            users = new[] { new { name = User, password = _password, tags = "administrator" } },
            vhosts = names.Select(name => new { name }),
            permissions = names.Select(vhost => new { user = User, vhost, configure = ".*", write = ".*", read = ".*" }),
        };
        var definitionsFile = Path.Combine(_folder, "definitions.json");
        await File.WriteAllTextAsync(definitionsFile, JsonSerializer.Serialize(definitions), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "enabled_plugins"), "[].\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            load_definitions = {definitionsFile}
            log.console = true
            log.console.level = warning
            log.file = false
            disk_free_limit.absolute = 10MB
            {string.Join('\n', settings)}

            """, cancellationToken);
    }

    private async Task<bool> IsUpAsync(CancellationToken cancellationToken)
    {
        if (_broker!.HasExited)
        {
            throw new InvalidOperationException($"{_broker}");
        }
        try
        {
            await using var connection = await new TestVhost(UrlOf(Vhost(1))).ConnectAsync(cancellationToken);
            return true;
        }
        catch (BrokerUnreachableException)
        {
            return false;
        }
    }
}
