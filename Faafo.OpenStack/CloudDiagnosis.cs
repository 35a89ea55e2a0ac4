using System.Globalization;
using System.Text;

namespace Faafo.OpenStack;

/// <summary>The result of <see cref="OpenStackClient.DiagnoseAsync"/>. <c>ToString</c> formats a report without secrets.</summary>
public sealed record CloudDiagnosis
{
    /// <summary>The cloud's name.</summary>
    public required string Cloud { get; init; }

    /// <summary>The file that describes it; <c>null</c> if it comes from the environment or from code.</summary>
    public string? File { get; init; }

    /// <summary>The address of Keystone.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>The authentication method.</summary>
    public required string AuthType { get; init; }

    /// <summary>The user's name, once logged in.</summary>
    public string? User { get; init; }

    /// <summary>The scope of the token.</summary>
    public string? Scope { get; init; }

    /// <summary>The roles in that scope.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The time when the token expires.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>The local clock minus Keystone's, to about a second. With a larger skew temporary URLs expire early or late.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>The region that endpoints are taken from; <c>null</c> for any.</summary>
    public string? Region { get; init; }

    /// <summary>The regions in the catalog.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The services that this library supports.</summary>
    public IReadOnlyList<ServiceDiagnosis> Services { get; init; } = [];

    /// <summary>The problems; empty if there are none.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("cloud", $"{Cloud} ({File ?? "not from a file"})");
        Line("keystone", $"{AuthUrl} by {AuthType}");
        Line("user", User is null ? "not logged in" : $"{User}, {Scope}, roles: {string.Join(", ", Roles)}");
        Line("token until", TokenExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? "-");
        Line("clock", ClockSkew is { } skew ? $"{Seconds(skew)} s against Keystone's" : "-");
        Line("region", $"{Region ?? "any"} of: {string.Join(", ", Regions)}");
        foreach (var service in Services)
        {
            Line(service.Type, service.Problem ?? $"{service.Endpoint} {service.Versions}".TrimEnd());
        }
        text.AppendLine();
        text.Append(Problems.Count == 0 ? "No problem found." : string.Join('\n', Problems.Select(problem => "PROBLEM: " + problem)));
        return text.ToString();

        static string Seconds(TimeSpan skew) => skew.TotalSeconds.ToString("+0.0;-0.0", CultureInfo.InvariantCulture);

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-15}{value}\n");
    }
}
