using System.Globalization;
using System.Net;
using Faafo.Options;
using Faafo.Scaler.OpenStack.Naming;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.CloudInit;

/// <summary>Writes the user data of instances.</summary>
internal sealed class InstanceSetup(InstanceSettings settings)
{
    /// <summary>The number of APIs that HAProxy knows before one of them has served it the configuration with all.</summary>
    public const int FirstServers = 8;

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
            ["flock"] = Quote.Yaml(settings.Flock.Name),
            ["hostname"] = Quote.Yaml(node),
            ["group"] = group.Name,
            // Part of scripts and of a JSON text.
            ["address"] = address is null ? "" : IPAddress.Parse(address).ToString(),
            ["node_url"] = Quoted("the endpoint", $"{settings.Endpoint.AbsoluteUri}v1/nodes/{node}", Quote.Shell),
        };
        return group.Name switch
        {
            FlockSpec.Services => Services(values, values["address"]),
            FlockSpec.LoadBalancer => LoadBalancer(values),
            FlockSpec.Api => Api(values, bundle, node, values["address"]),
            _ => Worker(values, bundle, node, group.Slots),
        };
    }

    private string Services(Dictionary<string, string> values, string address)
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
        values["servers"] = string.Join('\n', settings.ApiAddresses.Take(FirstServers)
            .Select((api, i) => $"    server api-{i + 1} {Quote.HAProxy($"{api}:80")} check inter 1s"));
        values["check"] = "# No check of its own: the heartbeat goes through HAProxy, because HAProxy is the endpoint.";
        values["heartbeat"] = UserDataTemplate.Fill("heartbeat", values).TrimEnd();
        return UserDataTemplate.Fill("lb", values);
    }

    private string Api(Dictionary<string, string> values, BundleSource bundle, string node, string address)
    {
        var database = settings.Flock.DatabaseUrl
            ?? $"postgresql://faafo:{settings.Secrets.DatabasePassword}@{settings.ServicesAddress}/faafo";
        return Program(values, bundle, "faafo-api", "CAP_NET_BIND_SERVICE", "FAAFO_DATABASE_URL", database,
            "--urls", "http://*:80", "--advertise-url", $"http://{address}:80", "--node-name", node, "--heartbeat", Heartbeat,
            "--state-dir", "/var/lib/faafo");
    }

    private string Worker(Dictionary<string, string> values, BundleSource bundle, string node, int slots) =>
        Program(values, bundle, "faafo-worker", "", "FAAFO_ENDPOINT_URL", settings.Endpoint.AbsoluteUri,
            "--node-name", node, "--slots", slots.ToString(CultureInfo.InvariantCulture), "--heartbeat", Heartbeat,
            "--state-dir", "/var/lib/faafo");

    private string Program(Dictionary<string, string> values, BundleSource bundle, string program, string capabilities,
        string ownVariable, string ownValue, params string[] arguments)
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
        values["environment"] = string.Join('\n', environment.Select(variable =>
            $"{variable.Key}={Quoted(variable.Key, variable.Value, Quote.EnvironmentValue)}"));
        values["arguments"] = string.Join(' ', arguments.Select(Quote.UnitArgument));
        values["bundle_url"] = Quoted("bundle.url", bundle.Url.AbsoluteUri, Quote.Shell);
        values["bundle_sha256"] = Quoted("bundle.sha256", bundle.Sha256, Quote.Shell);
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

    private static string Quoted(string what, string value, Func<string, string> quote)
    {
        try
        {
            return quote(value);
        }
        catch (FormatException e)
        {
            // Without the value: it may hold a password.
            throw new FailureException($"the value of {what} {e.Message}: check the URLs in flock.yaml", e);
        }
    }
}
