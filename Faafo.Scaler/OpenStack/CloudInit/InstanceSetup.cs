using System.Globalization;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>Writes an instance's user data.</summary>
internal sealed class InstanceSetup(InstanceSettings settings)
{
    private const string Heartbeat = "5s";

    /// <summary>The user data of an instance.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="node">Its name.</param>
    /// <param name="address">Its private address; null where it has not got one yet.</param>
    /// <param name="bundle">Where it finds the programs, for as long as its first boot takes, and their checksum.</param>
    public string Write(GroupSpec group, string node, string? address, BundleSource bundle)
    {
        var values = new Dictionary<string, string>
        {
            ["flock"] = settings.Flock.Name,
            ["node"] = node,
            ["group"] = group.Name,
            ["address"] = address ?? "",
            ["endpoint"] = settings.Endpoint.AbsoluteUri,
        };
        switch (group.Name)
        {
            case FlockSpec.Services:
                values["install"] = Install("curl postgresql rabbitmq-server");
                values["database_password"] = settings.Secrets.DatabasePassword;
                values["queue_password"] = settings.Secrets.QueuePassword;
                values["check"] = $"pg_isready -q -h {address} -U faafo -d faafo\ntimeout 2 bash -c '< /dev/tcp/{address}/5672'";
                values["heartbeat"] = UserDataTemplate.Fill("heartbeat", values).TrimEnd();
                return UserDataTemplate.Fill("services", values);
            case FlockSpec.LoadBalancer:
                values["install"] = Install("curl haproxy");
                values["servers"] = string.Join('\n', settings.ApiAddresses.Select((api, i) => $"    server api-{i + 1} {api}:80 check inter 1s"));
                values["query"] = "bind=*:80&user=haproxy";
                values["check"] = "# What it says goes through itself: it is the endpoint.";
                values["heartbeat"] = UserDataTemplate.Fill("heartbeat", values).TrimEnd();
                return UserDataTemplate.Fill("lb", values);
            case FlockSpec.Api:
                return Program(values, bundle, "faafo-api", "CAP_NET_BIND_SERVICE", new Dictionary<string, string>
                {
                    ["FAAFO_DATABASE_URL"] = settings.Flock.DatabaseUrl ?? $"postgresql://faafo:{settings.Secrets.DatabasePassword}@{settings.ServicesAddress}/faafo",
                }, $"--urls http://*:80 --advertise-url http://{address}:80 --node-name {node} --heartbeat {Heartbeat} --state-dir /var/lib/faafo");
            default:
                return Program(values, bundle, "faafo-worker", "", new Dictionary<string, string>
                {
                    ["FAAFO_ENDPOINT_URL"] = settings.Endpoint.AbsoluteUri,
                }, string.Create(CultureInfo.InvariantCulture,
                    $"--node-name {node} --slots {group.Slots} --heartbeat {Heartbeat} --state-dir /var/lib/faafo"));
        }
    }

    private string Program(Dictionary<string, string> values, BundleSource bundle, string program, string capabilities,
        Dictionary<string, string> environment, string arguments)
    {
        environment["FAAFO_TRANSPORT_URL"] = settings.Flock.TransportUrl ?? $"amqp://faafo:{settings.Secrets.QueuePassword}@{settings.ServicesAddress}:5672/";
        environment["FAAFO_IMAGE_STORE_URL"] = settings.Flock.ImageStoreUrl ?? $"swift:{new ResourceNames(settings.Flock.Name).Images}";
        environment["OS_AUTH_TYPE"] = "v3applicationcredential";
        environment["OS_AUTH_URL"] = settings.AuthUrl.AbsoluteUri;
        environment["OS_APPLICATION_CREDENTIAL_ID"] = settings.Secrets.Login.Id;
        environment["OS_APPLICATION_CREDENTIAL_SECRET"] = settings.Secrets.Login.Secret;
        if (settings.Region is { } region)
        {
            environment["OS_REGION_NAME"] = region;
        }
        values["install"] = Install("curl ca-certificates");
        values["program"] = program;
        values["capabilities"] = capabilities;
        values["environment"] = string.Join('\n', environment.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={Line(one.Value)}"));
        values["arguments"] = arguments;
        values["bundle_url"] = bundle.Url.AbsoluteUri;
        values["bundle_sha256"] = bundle.Sha256;
        return UserDataTemplate.Fill("program", values);
    }

    // The mirror may be away for a while, or another apt-get hold its lock. Nobody makes the services anew, and the others only after
    // the boot timeout. An update that has failed counts for apt-get as a success; it is the installation that fails then.
    private static string Install(string packages) => $"""
        tries=90
        until apt-get update -q && apt-get install -q -y --no-install-recommends {packages}; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ]
            sleep 10
        done
        """;

    // systemd reads a value between double quotes as it is but for these two (systemd.exec(5), EnvironmentFile).
    private static string Line(string value) => value.Contains('\n', StringComparison.Ordinal)
        ? throw new Options.FailureException("a URL of flock.yaml has more than one line")
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
