using System.Text;

namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>Faults at random, from a seed.</summary>
/// <param name="random">The source of the faults.</param>
/// <param name="failing">The share of calls that fail.</param>
/// <param name="lost">The share of calls whose response is lost.</param>
public sealed class SimulatedWeather(Random random, double failing, double lost)
{
    private static readonly SimulatedFault[] Kinds =
    [
        SimulatedFault.Refused, SimulatedFault.Timeout, SimulatedFault.CutBody, SimulatedFault.Unauthorized, SimulatedFault.Forbidden,
        SimulatedFault.Conflict, SimulatedFault.TooMany, SimulatedFault.Internal, SimulatedFault.Unavailable,
    ];

    /// <summary>Whether it has cleared up.</summary>
    public bool IsFine { get; set; }

    /// <summary>The faults so far.</summary>
    public int Faults { get; private set; }

    internal SimulatedFault Next(SimulatedRequest request)
    {
        lock (random)
        {
            var chance = random.NextDouble();
            var kind = Kinds[random.Next(Kinds.Length)];
            // No service answers a read with 409. A cut body needs a body.
            var isPossible = (kind != SimulatedFault.Conflict || request.IsWrite)
                && (kind != SimulatedFault.CutBody || request.Method is "GET" or "POST");
            var fault = (chance < lost, chance < lost + failing && isPossible) switch
            {
                (true, _) => SimulatedFault.LostReply,
                (false, true) => kind,
                _ => SimulatedFault.None,
            };
            if (IsFine || fault == SimulatedFault.None)
            {
                return SimulatedFault.None;
            }
            Faults++;
            return fault;
        }
    }

    /// <summary>The error as the service would write it.</summary>
    internal static SimulatedResponse Error(SimulatedFault fault, SimulatedRequest request)
    {
        var (status, message) = fault switch
        {
            SimulatedFault.Unauthorized => (401, "The request you have made requires authentication."),
            SimulatedFault.Forbidden => (403, "Policy doesn't allow this request to be performed."),
            SimulatedFault.Conflict => (409, "The request could not be completed due to a conflict."),
            SimulatedFault.TooMany => (429, "This request was rate-limited."),
            SimulatedFault.Internal => (500, "Unexpected API Error."),
            _ => (503, "Service Unavailable"),
        };
        if (request.Path.StartsWith("/v1/", StringComparison.Ordinal) || request.Path.StartsWith("/swift", StringComparison.Ordinal)
            || fault == SimulatedFault.Unavailable)
        {
            var page = $"<html><body><h1>{status} {message}</h1></body></html>";
            return new SimulatedResponse(status, Encoding.UTF8.GetBytes(page), "text/html");
        }
        var service = request.Path.StartsWith("/network", StringComparison.Ordinal)
            ? $$$"""{"NeutronError":{"type":"Error","message":"{{{message}}}","detail":""}}"""
            : $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","title":"Error"}}""";
        var response = new SimulatedResponse(status, Encoding.UTF8.GetBytes(service));
        return status == 429 ? response.With("Retry-After", "1") : response;
    }
}
