using System.Globalization;
using System.Text;

namespace Faafo.OpenStack;

/// <summary>What a look at a cloud found. <c>ToString</c> is a report for people; no secret is in it.</summary>
public sealed record CloudDiagnosis
{
    /// <summary>The cloud's name.</summary>
    public required string Cloud { get; init; }

    /// <summary>The file that describes it; <c>null</c> when it comes from the environment or from code.</summary>
    public string? File { get; init; }

    /// <summary>The address of Keystone.</summary>
    public required Uri AuthUrl { get; init; }

    /// <summary>The way of logging in.</summary>
    public required string AuthType { get; init; }

    /// <summary>The user's name, once logged in.</summary>
    public string? User { get; init; }

    /// <summary>What the token is good for.</summary>
    public string? Scope { get; init; }

    /// <summary>The roles in that scope.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>When the token ends.</summary>
    public DateTimeOffset? TokenExpiresAt { get; init; }

    /// <summary>The local clock minus Keystone's, to about a second. Temporary URLs suffer when it is more than that.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>The region that endpoints are taken from; <c>null</c> for any.</summary>
    public string? Region { get; init; }

    /// <summary>The regions in the catalog.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The services that this library speaks to.</summary>
    public IReadOnlyList<ServiceDiagnosis> Services { get; init; } = [];

    /// <summary>What is wrong; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("cloud", $"{Cloud} ({File ?? "not from a file"})");
        Line("keystone", $"{AuthUrl} by {AuthType}");
        Line("user", User is null ? "not logged in" : $"{User}, {Scope}, roles: {string.Join(", ", Roles)}");
        Line("token until", TokenExpiresAt?.ToString("u", CultureInfo.InvariantCulture) ?? "-");
        Line("clock", ClockSkew is { } skew ? string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:+0.0;-0.0} s against Keystone's") : "-");
        Line("region", $"{Region ?? "any"} of: {string.Join(", ", Regions)}");
        foreach (var service in Services)
        {
            Line(service.Type, service.Problem ?? $"{service.Endpoint} {service.Versions}".TrimEnd());
        }
        text.AppendLine();
        text.Append(Problems.Count == 0 ? "No problem found." : string.Join('\n', Problems.Select(problem => "PROBLEM: " + problem)));
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-15}{value}\n");
    }
}
