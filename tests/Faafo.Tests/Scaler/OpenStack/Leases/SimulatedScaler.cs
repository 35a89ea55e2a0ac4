using System.Net;
using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.OpenStack;
using Faafo.TestKit;
using Faafo.TestKit.OpenStack;

namespace Faafo.Tests.Scaler.OpenStack.Leases;

/// <summary>
/// One process that takes the lease again and again, and creates a security group each second that it has it. Its network loses, delays,
/// cuts and repeats; a request that was sent may arrive after its sender has given up, up to ten seconds later.
/// </summary>
internal sealed class SimulatedScaler
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsualDelay = TimeSpan.FromMilliseconds(200);

    private readonly FakeOpenStack _cloud;
    private readonly TimeProvider _world;
    private readonly Random _random;
    private long _activity;
    private int _losses;
    private DateTimeOffset _suspendedUntil = DateTimeOffset.MaxValue;
    private DateTimeOffset _partitionedUntil;

    public SimulatedScaler(FakeOpenStack cloud, TimeProvider world, int seed)
    {
        _cloud = cloud;
        _world = world;
        _random = new Random(seed);
        Time = new SuspendableTime(world);
    }

    public SuspendableTime Time { get; }

    /// <summary>Counts the steps of the process so far.</summary>
    public long Activity => Volatile.Read(ref _activity) + Time.Timers;

    /// <summary>How often it lost its lease.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>Runs until the end of the test.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Between(TimeSpan.Zero, TimeSpan.FromSeconds(20)), Time, end);
                await RunSessionAsync(end);
            }
            catch (Exception e) when (e is OpenStackException or FailureException or OperationCanceledException)
            {
                if (e.Message.Contains("this scaler stops", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _losses);
                }
            }
        }
    }

    /// <summary>What may happen to the process in a second.</summary>
    public void Disturb()
    {
        var now = _world.GetUtcNow();
        if (Time.IsSuspended)
        {
            if (now >= _suspendedUntil)
            {
                Time.Resume(timersFirst: Roll() < 0.5);
            }
            return;
        }
        if (Roll() < 1 / 120.0)
        {
            _suspendedUntil = now + Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(Roll() < 0.6 ? 20 : 150));
            Time.Suspend();
        }
        if (Roll() < 1 / 300.0)
        {
            _partitionedUntil = now + Between(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100));
        }
        if (Roll() < 1 / 200.0)
        {
            Time.Offset = Between(TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
        }
    }

    private async Task RunSessionAsync(CancellationToken end)
    {
        var transport = new InProcessTransport(_cloud) { Network = CarryAsync };
        await using var client = new OpenStackClient(_cloud.Config, new OpenStackClientOptions
        {
            TimeProvider = Time,
            Random = new Random(_random.Next()),
            Transport = transport,
            MaxAttempts = 2,
        });
        var session = Guid.NewGuid().ToString();
        using var stop = new CancellationTokenSource(Between(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(400)), Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, end);
        await LeasedOperation.RunAsync<int>(client, new LeasePlace("faafo", "the flock 'faafo'"), standby: Roll() < 0.5, _ => { }, Time,
            async (_, leased) =>
            {
                while (true)
                {
                    try
                    {
                        await client.Networking.CreateSecurityGroupAsync(session, "", leased);
                    }
                    catch (OpenStackException)
                    {
                        // The next second.
                    }
                    await Task.Delay(TimeSpan.FromSeconds(1), Time, leased);
                }
            }, either.Token);
    }

    private async Task<HttpResponseMessage> CarryAsync(
        HttpRequestMessage request, Func<Task<HttpResponseMessage>> handle, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _activity);
        var fate = Roll();
        if (_world.GetUtcNow() < _partitionedUntil || fate < 0.005)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        if (fate < 0.01)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        }
        var arriving = ArriveAsync(Delay(), handle);
        var response = await arriving.WaitAsync(cancellationToken);
        await Task.Delay(Delay(), _world, cancellationToken);
        await Time.WhenRunningAsync();
        Interlocked.Increment(ref _activity);
        return fate switch
        {
            < 0.015 => await SilenceAsync(cancellationToken),
            < 0.025 => throw new HttpRequestException(HttpRequestError.ResponseEnded, "broken"),
            < 0.035 => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request },
            < 0.04 => new HttpResponseMessage { RequestMessage = request, Content = new StringContent("[]") },
            < 0.05 => new HttpResponseMessage { RequestMessage = request, Content = new StreamContent(new CutStream()) },
            _ => response,
        };
    }

    private async Task<HttpResponseMessage> ArriveAsync(TimeSpan delay, Func<Task<HttpResponseMessage>> handle)
    {
        await Task.Delay(delay, _world, CancellationToken.None);
        Interlocked.Increment(ref _activity);
        return await handle();
    }

    private static async Task<HttpResponseMessage> SilenceAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private TimeSpan Delay() => Between(TimeSpan.Zero, Roll() < 0.02 ? LongestDelay : UsualDelay);

    private TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * Roll());

    private double Roll()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    /// <summary>A body whose connection breaks.</summary>
    private sealed class CutStream : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw new IOException("the connection was cut");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the connection was cut");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("the connection was cut");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            throw new IOException("the connection was cut");
    }
}
