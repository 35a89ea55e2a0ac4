using System.Globalization;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>Writes the user data of instances.</summary>
internal sealed class InstanceSetup(InstanceSettings settings)
{
    private const string Heartbeat = "5s";

    /// <summary>Writes the user data of an instance.</summary>
    /// <param name="group">The group of the instance.</param>
    /// <param name="node">The name of the instance.</param>
    /// <param name="address">The private address of the instance; null if Neutron chooses it later.</param>
    /// <param name="bundle">The URL of the programs, valid until the first boot, and their checksum.</param>
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
        return group.Name switch
        {
            FlockSpec.Services => Services(values, address),
            FlockSpec.LoadBalancer => LoadBalancer(values),
            FlockSpec.Api => Api(values, bundle, node, address),
            _ => Worker(values, bundle, node, group.Slots),
        };
    }

    private string Services(Dictionary<string, string> values, string? address)
    {
        values["install"] = Install("curl postgresql rabbitmq-server");
        values["database_password"] = settings.Secrets.DatabasePassword;
        values["queue_password"] = settings.Secrets.QueuePassword;
        values["check"] = $"pg_isready -q -h {address} -U faafo -d faafo\ntimeout 2 bash -c '< /dev/tcp/{address}/5672'";
        values["heartbeat"] = UserDataTemplate.Fill("heartbeat", values).TrimEnd();
        return UserDataTemplate.Fill("services", values);
    }

    private string LoadBalancer(Dictionary<string, string> values)
    {
        values["install"] = Install("curl haproxy");
        values["servers"] = string.Join('\n',
            settings.ApiAddresses.Select((api, i) => $"    server api-{i + 1} {api}:80 check inter 1s"));
        values["query"] = "bind=*:80&user=haproxy";
        values["check"] = "# No check of its own: the heartbeat goes through HAProxy, because HAProxy is the endpoint.";
        values["heartbeat"] = UserDataTemplate.Fill("heartbeat", values).TrimEnd();
        return UserDataTemplate.Fill("lb", values);
    }

    private string Api(Dictionary<string, string> values, BundleSource bundle, string node, string? address)
    {
        var database = settings.Flock.DatabaseUrl
            ?? $"postgresql://faafo:{settings.Secrets.DatabasePassword}@{settings.ServicesAddress}/faafo";
        return Program(values, bundle, "faafo-api", "CAP_NET_BIND_SERVICE", "FAAFO_DATABASE_URL", database,
            $"--urls http://*:80 --advertise-url http://{address}:80 --node-name {node} --heartbeat {Heartbeat} "
            + "--state-dir /var/lib/faafo");
    }

    private string Worker(Dictionary<string, string> values, BundleSource bundle, string node, int slots) =>
        Program(values, bundle, "faafo-worker", "", "FAAFO_ENDPOINT_URL", settings.Endpoint.AbsoluteUri,
            string.Create(CultureInfo.InvariantCulture,
                $"--node-name {node} --slots {slots} --heartbeat {Heartbeat} --state-dir /var/lib/faafo"));

    private string Program(Dictionary<string, string> values, BundleSource bundle, string program, string capabilities,
        string ownVariable, string ownValue, string arguments)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [ownVariable] = ownValue,
            ["FAAFO_TRANSPORT_URL"] = settings.Flock.TransportUrl
                ?? $"amqp://faafo:{settings.Secrets.QueuePassword}@{settings.ServicesAddress}:5672/",
            ["FAAFO_IMAGE_STORE_URL"] = settings.Flock.ImageStoreUrl ?? $"swift:{new ResourceNames(settings.Flock.Name).Images}",
            ["OS_AUTH_TYPE"] = "v3applicationcredential",
            ["OS_AUTH_URL"] = settings.AuthUrl.AbsoluteUri,
            ["OS_APPLICATION_CREDENTIAL_ID"] = settings.Secrets.Login.Id,
            ["OS_APPLICATION_CREDENTIAL_SECRET"] = settings.Secrets.Login.Secret,
        };
        if (settings.Region is { } region)
        {
            environment["OS_REGION_NAME"] = region;
        }
        values["install"] = Install("curl ca-certificates");
        values["program"] = program;
        values["capabilities"] = capabilities;
        values["environment"] = string.Join('\n', environment.Select(variable => $"{variable.Key}={Quote(variable.Key, variable.Value)}"));
        values["arguments"] = arguments;
        values["bundle_url"] = bundle.Url.AbsoluteUri;
        values["bundle_sha256"] = bundle.Sha256;
        return UserDataTemplate.Fill("program", values);
    }

    // The mirror may be unreachable for a while, or another apt-get may hold the lock. The services are never replaced, the other instances
    // only after their boot timeout. apt-get exits with 0 after an update that failed; the installation fails then.
    private static string Install(string packages) => $"""
        tries=90
        until apt-get update -q && apt-get install -q -y --no-install-recommends {packages}; do
            tries=$((tries - 1))
            [ "$tries" -gt 0 ]
            sleep 10
        done
        """;

    // systemd reads a value between double quotes literally, except for these two characters (systemd.exec(5), EnvironmentFile).
    private static string Quote(string variable, string value)
    {
        if (value.Contains('\n', StringComparison.Ordinal))
        {
            throw new FailureException($"the value of {variable} must be one line: check the URLs in flock.yaml");
        }
        return $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
