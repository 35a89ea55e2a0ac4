using System.Text;

namespace Faafo.OpenStack.Compute;

/// <summary>The address of a server's console. <c>ToString</c> does not show it, because whoever has it can use the console.</summary>
public sealed record RemoteConsole : ServiceResource
{
    /// <summary>The protocol.</summary>
    public required ConsoleProtocol Protocol { get; init; }

    /// <summary>The client.</summary>
    public required ConsoleType Type { get; init; }

    /// <summary>The address with its token: a secret. Open it in a browser (a serial console: with a WebSocket client).</summary>
    public required Uri Url { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Protocol = {Protocol}, Type = {Type}, Url = ***");
        return true;
    }
}
