using System.Text.RegularExpressions;
using Faafo.Fractals;

namespace Faafo.Api.Nodes;

/// <summary>The parts of a balancer's configuration that depend on its host.</summary>
/// <param name="Bind">The address for requests: <c>*:80</c>, <c>127.0.0.1:8080</c>.</param>
/// <param name="Stats">The address of the statistics page; by default only this host can reach it.</param>
/// <param name="Socket">The command socket, through which a reload passes the open ports on.</param>
/// <param name="User">The user that its workers switch to; null unless root starts them.</param>
internal sealed partial record BalancerHost(string Bind, string Stats, string Socket, string? User)
{
    /// <summary>Lists the fields that cannot be written into a configuration.</summary>
    public IEnumerable<FieldError> Check()
    {
        const string address = "an address and port such as *:80 or 127.0.0.1:8080";
        if (!AddressAndPort().IsMatch(Bind))
        {
            yield return FieldError.Of("bind", Bind, address);
        }
        if (!AddressAndPort().IsMatch(Stats))
        {
            yield return FieldError.Of("stats", Stats, address);
        }
        if (!AbsolutePath().IsMatch(Socket))
        {
            yield return FieldError.Of("socket", Socket, "an absolute path of at most 90 letters, digits and any of ._-/");
        }
        if (User is not null && !UserName().IsMatch(User))
        {
            yield return FieldError.Of("user", User, "the name of a user");
        }
    }

    [GeneratedRegex(@"^([*]|[0-9a-zA-Z.-]{1,100}|\[[0-9a-fA-F:.]{2,45}\]):[0-9]{1,5}\z")]
    private static partial Regex AddressAndPort();

    [GeneratedRegex(@"^/[0-9a-zA-Z._/-]{1,90}\z")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex(@"^[a-z_][a-z0-9_-]{0,31}\z")]
    private static partial Regex UserName();
}
