using Faafo.Scaler.Policy;

namespace Faafo.Tests.Scaler.Policy;

/// <summary>
/// A group of workers of one slot under the policy, on simulated time. An instance costs from the decision to create it to the one
/// to delete it; it boots for a lognormal time, or never comes up. A drained worker finishes its task and exits after a heartbeat.
/// </summary>
internal sealed class SimulatedGroup(PolicyOptions options, Random random)
{
    private const double Round = 15;
    private const double Heartbeat = 5;
    private const double MedianBoot = 90;
    private const double BootSpread = 0.3;
    private const double HungBoots = 0.03;
    private const double Objective = 120;
    private const double LoadMinute = 60;
    private const double WorkUnits = 1e6;       // of one second

    private readonly PolicyRun _run = new(options);
    private readonly List<Worker> _workers = [];
    private readonly Queue<(double At, double Seconds)> _waiting = new();
    private readonly Queue<(double At, double Seconds)> _finished = new();      // of the last minute
    private double _unfinished;
    private int _born;
    private int _started;
    private int _inTime;

    /// <summary>Runs a trace, whose tasks are in the order of their arrival; only what happens from a time on is counted.</summary>
    public SimulatedRun Run(IReadOnlyList<(double At, double Seconds)> tasks, double from, double until)
    {
        var next = 0;
        var paid = 0.0;
        for (var now = 0.0; now < until; now += Round)
        {
            Act(now);
            paid += now >= from ? _workers.Count * Round : 0;
            while (true)
            {
                var worker = _workers.MinBy(worker => worker.Next);
                var ends = worker?.Next ?? double.PositiveInfinity;
                var arrives = next < tasks.Count ? tasks[next].At : double.PositiveInfinity;
                var at = Math.Min(ends, arrives);
                if (at >= now + Round)
                {
                    break;
                }
                if (worker is not null && ends < arrives)
                {
                    Advance(worker);
                }
                else
                {
                    _waiting.Enqueue(tasks[next]);
                    _unfinished += tasks[next++].Seconds;
                }
                Dispatch(at, from);
            }
        }
        var work = tasks.Where(task => task.At >= from && task.At < until).Sum(task => task.Seconds);
        return new SimulatedRun(paid / work, (double)_inTime / _started);
    }

    private void Act(double now)
    {
        foreach (var worker in _workers)
        {
            worker.Load += ((worker.Task is null ? 0 : 1) - worker.Load) * (1 - Math.Exp(-Round / LoadMinute));
        }
        while (_finished.TryPeek(out var oldest) && oldest.At < now - LoadMinute)
        {
            _finished.Dequeue();
        }
        var decision = _run.Decide(new Observation
        {
            Now = _run.Now,
            Tasks = _waiting.Count + _workers.Count(worker => worker.Task is not null),
            WorkWaiting = (long)(_unfinished * WorkUnits),
            WorkPerSecond = _finished.Sum(task => task.Seconds) * WorkUnits / LoadMinute,
            Instances =
                [.. _workers.Select(worker => PolicyRun.One(worker.Number, worker.State, worker.Task is null ? 0 : 1, worker.Load))],
        });
        _run.After(Round);
        foreach (var (view, _) in decision.Delete)
        {
            _workers.RemoveAll(worker => view.Name == PolicyRun.One(worker.Number).Name);
        }
        foreach (var worker in _workers)
        {
            var name = PolicyRun.One(worker.Number).Name;
            if (decision.Drain.Any(view => view.Name == name))
            {
                worker.State = InstanceState.Draining;
                worker.Next = worker.Task is null ? now + Heartbeat : worker.Next;
            }
            else if (worker.State == InstanceState.Draining && decision.Undrain.Any(view => view.Name == name))
            {
                worker.State = InstanceState.Ready;
                (worker.Next, worker.IdleSince) = worker.Task is null ? (double.PositiveInfinity, now) : (worker.Next, worker.IdleSince);
            }
        }
        for (var i = 0; i < decision.Create; i++)
        {
            var boot = random.NextDouble() < HungBoots ? double.PositiveInfinity : MedianBoot * Math.Exp(BootSpread * Normal());
            _workers.Add(new Worker { Number = ++_born, Next = now + boot });
        }
    }

    // A boot, a task or a drain comes to its end.
    private void Advance(Worker worker)
    {
        if (worker.Task is { } done)
        {
            _unfinished -= done;
            _finished.Enqueue((worker.Next, done));
            (worker.Task, worker.IdleSince) = (null, worker.Next);
            worker.Next = worker.State == InstanceState.Draining ? worker.Next + Heartbeat : double.PositiveInfinity;
            return;
        }
        worker.State = worker.State == InstanceState.Draining ? InstanceState.Left : InstanceState.Ready;
        (worker.IdleSince, worker.Next) = (worker.Next, double.PositiveInfinity);
    }

    // The broker serves its consumers in turns: the one that has been idle for longest is next.
    private void Dispatch(double now, double from)
    {
        while (_waiting.Count > 0
            && _workers.Where(worker => worker is { State: InstanceState.Ready, Task: null }).MinBy(worker => worker.IdleSince) is { } idle)
        {
            var (at, seconds) = _waiting.Dequeue();
            (idle.Task, idle.Next) = (seconds, now + seconds);
            _started += at >= from ? 1 : 0;
            _inTime += at >= from && now - at <= Objective ? 1 : 0;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed class Worker
    {
        public required int Number { get; init; }

        public InstanceState State { get; set; } = InstanceState.Booting;

        public double? Task { get; set; }

        public double IdleSince { get; set; }

        public double Load { get; set; }

        /// <summary>When its boot, its task or its drain ends.</summary>
        public required double Next { get; set; }
    }
}
