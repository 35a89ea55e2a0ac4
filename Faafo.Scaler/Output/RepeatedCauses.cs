using System.Globalization;
using System.Text.RegularExpressions;

namespace Faafo.Scaler.Output;

/// <summary>
/// Keeps an outage from filling the log: a cause that repeats in every round is written once, and summarised when it has ended and at
/// intervals while it goes on. Two messages have the same cause if they differ only in the cloud's request id. Not safe for concurrent use.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed partial class RepeatedCauses(TimeProvider time)
{
    // Longer than the longest delay between two attempts of the control loop, which is 5 minutes.
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromHours(1);
    private const int MaxCauses = 1_000;

    private readonly Dictionary<string, Cause> _causes = [];

    /// <summary>Notes a message.</summary>
    /// <returns>Whether its cause is new, so that it should be written.</returns>
    public bool Add(string message)
    {
        var key = RequestId().Replace(message, "");
        if (_causes.TryGetValue(key, out var known))
        {
            known.Times++;
            known.Last = time.GetTimestamp();
            known.LastAt = time.GetUtcNow();
            known.Message = message;
            return false;
        }
        if (_causes.Count < MaxCauses)
        {
            _causes[key] = new Cause { Message = message, First = time.GetTimestamp(), Last = time.GetTimestamp() };
        }
        return true;
    }

    /// <summary>Takes the summaries that are due: of causes that have ended, and of those that have lasted for long.</summary>
    public IReadOnlyList<string> TakeDue()
    {
        var due = new List<string>();
        foreach (var (key, cause) in _causes)
        {
            var hasEnded = time.GetElapsedTime(cause.Last) >= QuietPeriod;
            if (!hasEnded && time.GetElapsedTime(cause.First) < ReminderInterval)
            {
                continue;
            }
            Summarize(cause, due);
            if (hasEnded)
            {
                _causes.Remove(key);
            }
            else
            {
                (cause.Times, cause.First) = (0, time.GetTimestamp());
            }
        }
        return due;
    }

    /// <summary>Takes the summaries of all causes.</summary>
    public IReadOnlyList<string> TakeAll()
    {
        var all = new List<string>();
        foreach (var cause in _causes.Values)
        {
            Summarize(cause, all);
        }
        _causes.Clear();
        return all;
    }

    private void Summarize(Cause cause, List<string> to)
    {
        if (cause.LastAt is { } last && cause.Times > 0)
        {
            var (times, duration) = (cause.Times, Describe(time.GetElapsedTime(cause.First, cause.Last)));
            to.Add(string.Create(CultureInfo.InvariantCulture, $"{cause.Message}: {times} times in {duration}, last at {last:HH:mm:ss}"));
        }
    }

    private static string Describe(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} h"),
    };

    // Of all services, and Swift's transaction id (oslo_middleware/request_id.py, swift/common/utils, generate_trans_id).
    [GeneratedRegex("req-[0-9a-fA-F-]{36}|tx[0-9a-fA-F]{21}-[0-9a-fA-F]{10}[^\\s),]*")]
    private static partial Regex RequestId();

    private sealed class Cause
    {
        public required string Message { get; set; }

        public required long First { get; set; }

        public required long Last { get; set; }

        public DateTimeOffset? LastAt { get; set; }

        /// <summary>How often it was noted since the last summary.</summary>
        public int Times { get; set; } = 1;
    }
}
