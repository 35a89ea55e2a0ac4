using Npgsql;

namespace Faafo.Api.Database;

/// <summary>Reads <c>postgresql://user:password@host:port,host:port/name?option=value</c> (libpq's URI form) for Npgsql.</summary>
internal static class PostgresUrl
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>Returns the connection string. Npgsql finds the primary among several hosts.</summary>
    /// <exception cref="FormatException">The URL has another form. The message contains no password.</exception>
    public static string Parse(string url)
    {
        var scheme = Array.Find(Schemes, scheme => url.StartsWith(scheme, StringComparison.Ordinal))
            ?? throw new FormatException("database-url must be postgresql://user:password@host:port/name or sqlite:PATH");
        var rest = url[scheme.Length..];
        var builder = new NpgsqlConnectionStringBuilder { ApplicationName = "faafo-api" };
        if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question)
        {
            ReadOptions(builder, rest[(question + 1)..]);
            rest = rest[..question];
        }
        if (rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash)
        {
            builder.Database = Uri.UnescapeDataString(rest[(slash + 1)..]);
            rest = rest[..slash];
        }
        if (rest.LastIndexOf('@') is >= 0 and var at)
        {
            var credentials = rest[..at].Split(':', 2);
            builder.Username = Uri.UnescapeDataString(credentials[0]);
            builder.Password = credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : null;
            rest = rest[(at + 1)..];
        }
        if (rest.Length == 0)
        {
            throw new FormatException("database-url names no host");
        }
        builder.Host = rest;
        return builder.ConnectionString;
    }

    private static void ReadOptions(NpgsqlConnectionStringBuilder builder, string options)
    {
        foreach (var option in options.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            try
            {
                builder[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "true";
            }
            catch (ArgumentException e)
            {
                throw new FormatException($"database-url: '{parts[0]}' is not an option of Npgsql, or its value is invalid", e);
            }
        }
    }
}
