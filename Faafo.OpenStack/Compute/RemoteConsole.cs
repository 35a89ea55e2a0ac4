using System.Text;

namespace Faafo.OpenStack.Compute;

/// <summary>The address of a server's console. <c>ToString</c> does not show it, because whoever has it can use the console.</summary>
public sealed record RemoteConsole : ServiceResource
{
    /// <summary><c>vnc</c>, <c>spice</c>, <c>serial</c> or <c>mks</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary><c>novnc</c>, <c>spice-html5</c>, <c>serial</c> or <c>webmks</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The address with its token: a secret. Open it in a browser (a serial console: with a WebSocket client).</summary>
    public required Uri Url { get; init; }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Protocol = {Protocol}, Type = {Type}, Url = ***");
        return true;
    }
}
