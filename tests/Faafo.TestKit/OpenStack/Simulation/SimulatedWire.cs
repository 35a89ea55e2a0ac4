namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>The connections of a program to one service: it counts its calls, kills it at one, and makes weather.</summary>
internal sealed class SimulatedWire(
    SimulatedProgram program, Func<SimulatedRequest, SimulatedResponse> service, TimeSpan? limit) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var seen = Read(request, body);
        var fault = program.Weather?.Next(seen) ?? SimulatedFault.None;
        SimulatedResponse? response;
        switch (fault)
        {
            case SimulatedFault.Timeout:
                program.Call(() => seen);
                if (limit is { } longest && !program.IsKilled)
                {
                    await Task.Delay(longest, program, cancellationToken);
                    throw new HttpRequestException(HttpRequestError.Unknown, $"no response within {longest.TotalSeconds:0} s");
                }
                return await HangAsync(program.IsKilled ? CancellationToken.None : cancellationToken);
            case SimulatedFault.Refused:
                program.Call(() => seen);
                throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
            case >= SimulatedFault.Status:
                response = program.Call(() => SimulatedWeather.Error(fault, seen));
                break;
            default:
                response = program.Call(() => service(seen));
                break;
        }
        if (response is null)
        {
            return await HangAsync(CancellationToken.None);
        }
        if (fault == SimulatedFault.LostReply)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was closed before the response");
        }
        return (fault == SimulatedFault.CutBody ? response with { IsCut = true } : response).ToMessage(request);
    }

    private static async Task<HttpResponseMessage> HangAsync(CancellationToken cancellationToken)
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
        return await never.Task;
    }

    private static SimulatedRequest Read(HttpRequestMessage request, byte[] body)
    {
        var target = request.RequestUri!.PathAndQuery;
        var path = target.Split('?')[0];
        var query = new Dictionary<string, string>();
        foreach (var part in target.Contains('?', StringComparison.Ordinal) ? target.Split('?', 2)[1].Split('&') : [])
        {
            var pair = part.Split('=', 2);
            query[Uri.UnescapeDataString(pair[0])] = pair.Length > 1 ? Uri.UnescapeDataString(pair[1].Replace('+', ' ')) : "";
        }
        var headers = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default)
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new SimulatedRequest(request.Method.Method, path, query, headers, body);
    }
}
