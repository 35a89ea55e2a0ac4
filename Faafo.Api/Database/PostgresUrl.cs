using Npgsql;

namespace Faafo.Api.Database;

/// <summary>Reads <c>postgresql://user:password@host:port,host:port/name?option=value</c> (libpq's URI form) for Npgsql.</summary>
internal static class PostgresUrl
{
    /// <summary>The connection string; several hosts are passed to Npgsql, which finds the primary among them.</summary>
    /// <exception cref="FormatException">It is not of that form. The message holds no password.</exception>
    public static string Parse(string url)
    {
        var rest = url.StartsWith("postgresql://", StringComparison.Ordinal) ? url["postgresql://".Length..]
            : url.StartsWith("postgres://", StringComparison.Ordinal) ? url["postgres://".Length..]
            : throw new FormatException("database-url must be postgresql://user:password@host:port/name or sqlite:PATH");
        var builder = new NpgsqlConnectionStringBuilder { ApplicationName = "faafo-api" };
        if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var question)
        {
            foreach (var pair in rest[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = pair.Split('=', 2);
                try
                {
                    builder[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "true";
                }
                catch (ArgumentException)
                {
                    throw new FormatException($"database-url: '{parts[0]}' is no option of Npgsql, or has a value that it does not take");
                }
            }
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
}
