using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Faafo.Scaler.Output;

/// <summary>
/// The scaler's log: <c>STATE/logs/scaler.log</c>, and the terminal line by line unless a live screen shows it at the moment. A warning
/// that repeats is summarised. Nothing here throws: a full disk or a closed pipe must not end a scaler.
/// </summary>
internal sealed class RunLog : ILoggerProvider
{
    private const int LinesOnScreen = 6;
    private const int LongestMessage = 16 << 10;        // an error may quote a whole page

    private static readonly TimeSpan SummaryInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly LogFile _file;
    private readonly TextWriter _terminal;
    private readonly TimeProvider _time;
    private readonly RepeatedCauses _causes;
    private ITimer? _summaries;

    /// <summary>Creates the log of a state directory. The file is created with the first line.</summary>
    /// <param name="stateDir">The state directory.</param>
    /// <param name="terminal">The terminal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">The size of the file in bytes at which the next one begins.</param>
    public RunLog(string stateDir, TextWriter terminal, TimeProvider time, long limit = LogFile.DefaultLimit)
    {
        _file = new LogFile(Path.Combine(stateDir, "logs", "scaler.log"), limit);
        _terminal = terminal;
        _time = time;
        _causes = new RepeatedCauses(time);
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
        lock (_lock)
        {
            WriteLine(message);
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
        lock (_lock)
        {
            _summaries?.Dispose();
            WriteAll(_causes.TakeAll());
        }
    }

    // A cause is written when it is new, and counted when it repeats.
    private void Warn(string message)
    {
        lock (_lock)
        {
            WriteAll(_causes.TakeDue());
            if (_causes.Add(message))
            {
                WriteLine(message);
                return;
            }
            _summaries ??= _time.CreateTimer(_ => WriteDue(), null, SummaryInterval, SummaryInterval);
        }
    }

    private void WriteDue()
    {
        lock (_lock)
        {
            WriteAll(_causes.TakeDue());
        }
    }

    private void WriteAll(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            WriteLine(message);
        }
    }

    private void WriteLine(string message)
    {
        var now = _time.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var text = message.Length > LongestMessage ? message[..LongestMessage] + "..." : message;
        var line = $"{now} {text}";
        Show(line);
        if (_file.Append(line) is { } reason)
        {
            Show($"{now} Log file {_file.Path} cannot be written: {reason}");
        }
    }

    private void Show(string line)
    {
        _last.Enqueue(line);
        if (_last.Count > LinesOnScreen)
        {
            _last.Dequeue();
        }
        try
        {
            if (!IsOnScreen)
            {
                _terminal.WriteLine(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reader of a pipe has exited; the file has the line.
        }
    }

    private sealed class Line(RunLog runLog) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            if (logLevel >= LogLevel.Warning)
            {
                runLog.Warn(message);
            }
            else
            {
                runLog.Write(message);
            }
        }
    }
}
