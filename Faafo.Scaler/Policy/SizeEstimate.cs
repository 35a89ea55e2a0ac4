using System.Globalization;

namespace Faafo.Scaler.Policy;

/// <summary>The size that a group should have: the largest that any reading asks for, between min and max.</summary>
internal sealed class SizeEstimate
{
    private const double Rounding = 1e-9;       // a quotient that exceeds a whole number by less is that number

    private readonly PolicyOptions _options;
    private int _wanted;
    private string _reason;

    private SizeEstimate(PolicyOptions options)
    {
        _options = options;
        _wanted = options.Min;
        _reason = $"min {options.Min}";
    }

    /// <summary>Instances wanted, between min and max.</summary>
    public int Wanted => Math.Min(_wanted, _options.Max);

    /// <summary>Instances that the readings ask for, before min and max limit them.</summary>
    public int Asked { get; private set; }

    /// <summary>The reading that decided, in words.</summary>
    public string Reason => _wanted > _options.Max ? $"{_reason}, max {_options.Max}" : _reason;

    /// <summary>Estimates the size of a group.</summary>
    public static SizeEstimate Of(GroupStatus group)
    {
        var estimate = new SizeEstimate(group.Options);
        if (group.Observation.FixedSize is { } size)
        {
            estimate.Fix(size);
            return estimate;
        }
        estimate.AddTasks(group);
        estimate.AddWork(group);
        estimate.AddLoad(group);
        return estimate;
    }

    /// <summary>
    /// Checks whether the size is within the tolerance of a number of instances. The readings are compared before min and max limit them:
    /// a million tasks are never near a group's max. An empty queue is near no group, and outside of min and max there is no tolerance.
    /// </summary>
    public bool IsNear(int present, Observation observation)
    {
        if (observation.FixedSize is not null || Asked == 0 || present == 0 || present < _options.Min || present > _options.Max)
        {
            return false;
        }
        return Math.Abs((double)Asked / present - 1) <= _options.Tolerance + Rounding;
    }

    private void Fix(int size)
    {
        Asked = size;
        _wanted = Math.Clamp(size, _options.Min, _options.Max);
        _reason = _wanted == size ? $"override {size}" : $"override {size}, min {_options.Min}, max {_options.Max}";
    }

    private void AddTasks(GroupStatus group)
    {
        if (group.Observation.Tasks is { } tasks)
        {
            AtLeast(tasks / _options.TasksPerWorker, $"{tasks} tasks / {_options.TasksPerWorker:0.#} per worker");
        }
        else
        {
            AtLeast(group.Present, $"API unreachable, no fewer than now");
        }
    }

    private void AddWork(GroupStatus group)
    {
        if (_options.WorkTarget is { } target && group.Observation.WorkWaiting > 0 && group.State.Speed > 0)
        {
            var seconds = group.Observation.WorkWaiting.Value / group.State.Speed.Value;
            AtLeast(seconds / target.TotalSeconds, $"{seconds:0} s of work / {target.TotalSeconds:0} s");
        }
    }

    private void AddLoad(GroupStatus group)
    {
        if (_options.LoadTarget is not { } target)
        {
            return;
        }
        var observation = group.Observation;
        var ready = observation.Instances.Where(instance => instance.State == InstanceState.Ready);
        double[] loads = [.. ready.Select(instance => instance.LoadPerCpu).OfType<double>()];
        if (observation.SharesLoad)
        {
            AtLeast(loads.Sum() / target, $"load {loads.Sum():0.00} per cpu / {target:0.00}");
            var unknown = group.Present - loads.Length;
            AtLeast(unknown > 0 ? group.Present : 0, $"load of {unknown} unknown, no fewer than now");
        }
        else if (loads.Length > 0 && observation.Tasks > group.Ready && loads.Average() > target)
        {
            AtLeast(group.Present + 1, $"load {loads.Average():0.00} per cpu above {target:0.00} with tasks waiting");
        }
    }

    private void AtLeast(double instances, FormattableString because)
    {
        var whole = (int)Math.Min(int.MaxValue, Math.Ceiling(instances - Rounding));
        Asked = Math.Max(Asked, whole);
        if (whole > _wanted)
        {
            _wanted = whole;
            _reason = because.ToString(CultureInfo.InvariantCulture);
        }
    }
}
