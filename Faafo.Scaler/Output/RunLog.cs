using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Faafo.Scaler.Output;

/// <summary>
/// The scaler's log: <c>STATE/logs/scaler.log</c>, and the terminal line by line unless a live screen shows it at the moment.
/// </summary>
internal sealed class RunLog : ILoggerProvider
{
    private const int LinesOnScreen = 6;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly Lazy<StreamWriter> _file;
    private readonly TextWriter _terminal;
    private readonly TimeProvider _time;

    /// <summary>Creates the log of a state directory.</summary>
    public RunLog(string stateDir, TextWriter terminal, TimeProvider time)
    {
        var path = Path.Combine(stateDir, "logs", "scaler.log");
        // At the first line: commands that write none leave no folder behind.
        _file = new Lazy<StreamWriter>(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new StreamWriter(path, append: true) { AutoFlush = true };
        });
        _terminal = terminal;
        _time = time;
    }

    /// <summary>Whether a live screen shows the last lines, which other lines would break.</summary>
    public bool IsOnScreen { get; set; }

    /// <summary>The last lines, for the live screen.</summary>
    public IReadOnlyList<string> Last
    {
        get
        {
            lock (_lock)
            {
                return [.. _last];
            }
        }
    }

    /// <summary>Writes a line.</summary>
    public void Write(string message)
    {
        var line = $"{_time.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {message}";
        lock (_lock)
        {
            _file.Value.WriteLine(line);
            if (!IsOnScreen)
            {
                _terminal.WriteLine(line);
            }
            _last.Enqueue(line);
            if (_last.Count > LinesOnScreen)
            {
                _last.Dequeue();
            }
        }
    }

    /// <summary>Creates loggers that write here.</summary>
    /// <param name="configuration">
    /// Has the levels by category, as in ASP.NET Core: <c>Logging:LogLevel:Default</c>, and so on. The default is Information.
    /// </param>
    public ILoggerFactory CreateLoggers(IConfiguration configuration) => LoggerFactory.Create(
        logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddProvider(this));

    public ILogger CreateLogger(string categoryName) => new Line(this);

    public void Dispose()
    {
        if (_file.IsValueCreated)
        {
            _file.Value.Dispose();
        }
    }

    private sealed class Line(RunLog runLog) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            runLog.Write(formatter(state, exception));
        }
    }
}
