using System.Text.RegularExpressions;

namespace Faafo.Api.Nodes;

/// <summary>What the host of the balancer says of itself: where it listens, and who its processes are.</summary>
/// <param name="Bind">Where it takes requests: <c>*:80</c>, <c>127.0.0.1:8080</c>.</param>
/// <param name="Stats">Where it shows its statistics page; only for this host unless told otherwise.</param>
/// <param name="Socket">Its command socket, through which a reload hands the open ports over.</param>
/// <param name="User">The user that its workers become; null where it is no root that starts them.</param>
internal sealed partial record BalancerHost(string Bind, string Stats, string Socket, string? User)
{
    /// <summary>The fields that cannot stand in a configuration, with their limits.</summary>
    public IEnumerable<(string Field, string Value, string Limit)> Wrong()
    {
        const string address = "an address and port such as *:80 or 127.0.0.1:8080";
        if (!AddressAndPort().IsMatch(Bind))
        {
            yield return ("bind", Bind, address);
        }
        if (!AddressAndPort().IsMatch(Stats))
        {
            yield return ("stats", Stats, address);
        }
        if (!AbsolutePath().IsMatch(Socket))
        {
            yield return ("socket", Socket, "an absolute path of at most 90 letters, digits and any of ._-/");
        }
        if (User is not null && !UserName().IsMatch(User))
        {
            yield return ("user", User, "the name of a user");
        }
    }

    [GeneratedRegex(@"^([*]|[0-9a-zA-Z.-]{1,100}|\[[0-9a-fA-F:.]{2,45}\]):[0-9]{1,5}\z")]
    private static partial Regex AddressAndPort();

    [GeneratedRegex(@"^/[0-9a-zA-Z._/-]{1,90}\z")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"^[a-z_][a-z0-9_-]{0,31}\z")]
    private static partial Regex UserName();
}
