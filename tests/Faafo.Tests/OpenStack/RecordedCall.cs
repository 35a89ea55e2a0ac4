using Faafo.OpenStack;
using Faafo.OpenStack.BlockStorage;
using Faafo.OpenStack.Compute;
using Faafo.OpenStack.Images;
using Faafo.OpenStack.LoadBalancing;
using Faafo.OpenStack.Networking;
using Faafo.OpenStack.Orchestration;

namespace Faafo.Tests.OpenStack;

/// <summary>A call of the library with the body that the service answers, in the format of the API references.</summary>
/// <param name="Name">The call, for messages.</param>
/// <param name="Method">The HTTP method of the request whose answer is given.</param>
/// <param name="Path">The path of that request.</param>
/// <param name="Body">The answer.</param>
/// <param name="Run">The call.</param>
internal sealed record RecordedCall(
    string Name, string Method, string Path, string Body, Func<OpenStackClient, CancellationToken, Task> Run)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private const string Server = """
        {"id":"x","name":"app","status":"ACTIVE","created":"2030-05-01T10:00:00Z","updated":"2030-05-01T10:00:07Z","image":{"id":"img",
        "links":[]},"key_name":"demo","flavor":{"original_name":"m1.small","vcpus":2,"ram":2048,"disk":20},"locked":false,
        "addresses":{"private":[{"addr":"10.0.0.4","version":4,"OS-EXT-IPS:type":"fixed","OS-EXT-IPS-MAC:mac_addr":"fa:16:3e:00:00:01"}]},
        "metadata":{"role":"api"},"tags":["a","b"],"security_groups":[{"name":"default"}],"OS-EXT-STS:task_state":null,
        "OS-EXT-AZ:availability_zone":"nova","os-extended-volumes:volumes_attached":[{"id":"v"}],"tenant_id":"p1",
        "fault":{"code":500,"created":"2030-05-01T10:00:07Z","message":"No valid host was found.","details":"a trace"}}
        """;

    private const string Port = """
        {"id":"x","name":"plug","description":"","network_id":"n1","status":"ACTIVE","admin_state_up":true,"device_id":"s",
        "fixed_ips":[{"ip_address":"10.0.2.7","subnet_id":"s1"}],"security_groups":["g1"],"mac_address":"fa:16:3e:00:00:01",
        "project_id":"p1","created_at":"2030-05-01T10:00:00Z","tags":[]}
        """;

    private const string Balancer = """
        {"id":"b","name":"web","description":"","provisioning_status":"ACTIVE","operating_status":"ONLINE","vip_address":"10.0.0.9",
        "vip_port_id":"p","vip_subnet_id":"s","vip_network_id":"n","listeners":[{"id":"l"}],"pools":[],"tags":["t"],"project_id":"p1"}
        """;

    private const string Stack = """
        {"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE","stack_status_reason":"ok","creation_time":"2030-05-01T10:00:00Z",
        "outputs":[{"output_key":"url","output_value":"http://x","description":"d"}]}
        """;

    public static IReadOnlyList<RecordedCall> All { get; } =
    [
        new("server", "GET", "/compute/v2.1/servers/x", $$"""{"server":{{Server}}}""", (c, ct) => c.Compute.GetServerAsync("x", ct)),
        new("wait for server", "GET", "/compute/v2.1/servers/x", $$"""{"server":{{Server}}}""", async (c, ct) =>
            await (await c.Compute.GetServerAsync("x", ct)).WaitUntilActiveAsync(Minute, ct)),
        new("servers", "GET", "/compute/v2.1/servers/detail",
            $$"""{"servers":[{{Server}}],"servers_links":[{"rel":"next","href":"http://in:8774/v2.1/servers/detail?marker=x"}]}""",
            (c, ct) => ReadAsync<Server>(c.Compute.ListServersAsync(null, ct), ct)),
        new("server by name", "GET", "/compute/v2.1/servers/detail", $$"""{"servers":[{{Server}}]}""",
            (c, ct) => c.Compute.FindServerAsync("app", ct)),
        new("new server", "POST", "/compute/v2.1/servers", """{"server":{"id":"x","adminPass":"p","links":[]}}""",
            (c, ct) => c.Compute.CreateServerAsync(new("s", "i", "f"), ct)),
        new("image of a server", "POST", "/compute/v2.1/servers/x/action", """{"image_id":"i"}""",
            (c, ct) => c.Compute.CreateImageAsync("x", "copy", ct)),
        new("console", "POST", "/compute/v2.1/servers/x/action", """{"output":"login:"}""",
            (c, ct) => c.Compute.GetConsoleOutputAsync("x", 5, ct)),
        new("flavors", "GET", "/compute/v2.1/flavors/detail", """
            {"flavors":[{"id":"7","name":"m1.tall","ram":2048,"disk":20,"swap":0,"vcpus":1,"OS-FLV-EXT-DATA:ephemeral":0}]}
            """, (c, ct) => c.Compute.FindFlavorAsync("m1.tall", ct)),
        new("key pairs", "GET", "/compute/v2.1/os-keypairs",
            """{"keypairs":[{"keypair":{"name":"demo","public_key":"ssh-ed25519 A","fingerprint":"01"}}],"keypairs_links":[]}""",
            (c, ct) => ReadAsync<KeyPair>(c.Compute.ListKeyPairsAsync(ct), ct)),
        new("limits", "GET", "/compute/v2.1/limits",
            """{"limits":{"rate":[],"absolute":{"maxTotalInstances":10,"totalInstancesUsed":1,"maxTotalCores":20,"maxTotalRAMSize":4}}}""",
            (c, ct) => c.Compute.GetLimitsAsync(ct)),
        new("zones", "GET", "/compute/v2.1/os-availability-zone",
            """{"availabilityZoneInfo":[{"zoneName":"nova","zoneState":{"available":true},"hosts":null}]}""",
            (c, ct) => ReadAsync<AvailabilityZone>(c.Compute.ListAvailabilityZonesAsync(ct), ct)),
        new("interfaces", "GET", "/compute/v2.1/servers/x/os-interface", """
            {"interfaceAttachments":[{"fixed_ips":[{"ip_address":"10.0.0.4","subnet_id":"sub"}],"mac_addr":"fa","net_id":"n","port_id":"p",
            "port_state":"ACTIVE"}]}
            """, (c, ct) => ReadAsync<ServerInterface>(c.Compute.ListInterfacesAsync("x", ct), ct)),
        new("version document", "GET", "/compute/v2.1/", """
            {"version":{"id":"v2.1","status":"CURRENT","version":"2.90","min_version":"2.1",
            "links":[{"rel":"self","href":"http://in/v2.1/"}]}}
            """, (c, ct) => ReadAsync<Server>(c.Compute.ListServersAsync(new ServerQuery { Tags = ["t"] }, ct), ct)),
        new("networks", "GET", "/network/v2.0/networks", """
            {"networks":[{"id":"n1","name":"public","status":"ACTIVE","admin_state_up":true,"subnets":["s1"],"router:external":true,
            "mtu":1450,"project_id":"p1","shared":false}],
            "networks_links":[{"rel":"previous","href":"http://in/v2.0/networks?page_reverse=True"}]}
            """, (c, ct) => c.Networking.FindNetworkAsync("public", ct)),
        new("subnets", "GET", "/network/v2.0/subnets", """
            {"subnets":[{"id":"s1","name":"web","network_id":"n1","cidr":"10.0.2.0/24","ip_version":4,"gateway_ip":"10.0.2.1",
            "dns_nameservers":["9.9.9.9"],"enable_dhcp":true}]}
            """, (c, ct) => ReadAsync<Subnet>(c.Networking.ListSubnetsAsync(cancellationToken: ct), ct)),
        new("ports", "GET", "/network/v2.0/ports", $$"""{"ports":[{{Port}}]}""",
            (c, ct) => c.Networking.AttachFloatingIPAsync("s", "ext", ct)),
        new("routers", "GET", "/network/v2.0/routers", """
            {"routers":[{"id":"r","name":"out","status":"ACTIVE","external_gateway_info":{"network_id":"ext","external_fixed_ips":[]}}]}
            """, (c, ct) => ReadAsync<Router>(c.Networking.ListRoutersAsync(cancellationToken: ct), ct)),
        new("floating IPs", "GET", "/network/v2.0/floatingips", """
            {"floatingips":[{"id":"f","floating_ip_address":"172.24.4.228","floating_network_id":"ext","port_id":null,"status":"DOWN",
            "revision_number":1,"project_id":"p1","created_at":"2030-05-01T10:00:00Z"}]}
            """, (c, ct) => c.Networking.AttachFloatingIPToPortAsync("x", "ext", ct)),
        new("security groups", "GET", "/network/v2.0/security-groups", """
            {"security_groups":[{"id":"g","name":"web","description":"","created_at":"2030-05-01T10:00:00Z","security_group_rules":[
            {"id":"r1","security_group_id":"g","direction":"ingress","ethertype":"IPv4","protocol":"tcp","port_range_min":80,
            "port_range_max":88}]}]}
            """, (c, ct) => c.Networking.GetOrCreateSecurityGroupAsync("web", [Ingress.Tcp(80)], cancellationToken: ct)),
        new("network quotas", "GET", "/network/v2.0/quotas/p1/details", """{"quota":{"port":{"used":3,"limit":50,"reserved":1}}}""",
            (c, ct) => c.Networking.GetQuotaUsageAsync("p1", ct)),
        new("images", "GET", "/image/v2/images", """
            {"images":[{"id":"i","name":"debian-12","status":"active","visibility":"public","size":13,"min_ram":0,"min_disk":1,"tags":[],
            "created_at":"2030-05-01T10:00:00Z"}],"next":"/v2/images?marker=i","first":"/v2/images"}
            """, (c, ct) => ReadAsync<Image>(c.Images.ListImagesAsync(cancellationToken: ct), ct)),
        new("volumes", "GET", "/volume/v3/p1/volumes/detail", """
            {"volumes":[{"id":"v","name":"data","status":"in-use","size":3,"bootable":"false","metadata":{"purpose":"test"},
            "attachments":[{"server_id":"s","device":"/dev/vdb"}],"created_at":"2030-05-01T10:00:00.000000"}],
            "volumes_links":[{"rel":"next","href":"https://in/volume/v3/p1/volumes/detail?marker=v"}]}
            """, (c, ct) => ReadAsync<Volume>(c.BlockStorage.ListVolumesAsync(cancellationToken: ct), ct)),
        new("snapshot", "GET", "/volume/v3/p1/snapshots/x",
            """{"snapshot":{"id":"x","name":"n","status":"available","volume_id":"v","size":3,"created_at":"2030-05-01T10:00:00"}}""",
            (c, ct) => c.BlockStorage.WaitUntilSnapshotAvailableAsync("x", Minute, ct)),
        new("load balancers", "GET", "/lb/v2/lbaas/loadbalancers", $$"""{"loadbalancers":[{{Balancer}}],"loadbalancers_links":[]}""",
            (c, ct) => c.LoadBalancing.FindLoadBalancerAsync("web", ct)),
        new("wait for load balancer", "GET", "/lb/v2/lbaas/loadbalancers/b", $$"""{"loadbalancer":{{Balancer}}}""",
            (c, ct) => c.LoadBalancing.WaitUntilActiveAsync("b", Minute, ct)),
        new("members", "GET", "/lb/v2/lbaas/pools/p/members", """
            {"members":[{"id":"m","name":"web-1","address":"10.0.0.7","protocol_port":8080,"weight":5,"provisioning_status":"ACTIVE",
            "operating_status":"ONLINE","subnet_id":"s"}],"members_links":[]}
            """, (c, ct) => ReadAsync<Member>(c.LoadBalancing.ListMembersAsync("p", ct), ct)),
        new("stack", "GET", "/heat/v1/p1/stacks/app", $$"""{"stack":{{Stack}}}""",
            (c, ct) => c.Orchestration.WaitUntilCompleteAsync("app", Minute, ct)),
        new("new stack", "POST", "/heat/v1/p1/stacks", """{"stack":{"id":"i","links":[{"href":"http://in/v1/p1/stacks/app/i"}]}}""",
            (c, ct) => c.Orchestration.CreateStackAsync(new NewStack("app", "{}"), ct)),
        new("update of a stack", "GET", "/heat/v1/p1/stacks/app", $$"""{"stack":{{Stack}}}""",
            (c, ct) => c.Orchestration.SignalAsync("app", "up", ct)),
        new("stacks", "GET", "/heat/v1/p1/stacks",
            $$"""{"stacks":[{{Stack}}],"links":[{"rel":"next","href":"http://in/v1/p1/stacks?marker=i"}]}""",
            (c, ct) => ReadAsync<Stack>(c.Orchestration.ListStacksAsync(ct), ct)),
        new("application credentials", "GET", "/identity/v3/users/u1/application_credentials", """
            {"application_credentials":[{"id":"a","name":"worker","project_id":"p1","unrestricted":false,"expires_at":null,
            "roles":[{"id":"r","name":"member"}]}],"links":{"self":"http://in/v3/users/u1/application_credentials","next":null}}
            """, (c, ct) => ReadAsync<object>(c.Identity.ListApplicationCredentialsAsync(null, ct), ct)),
        new("containers", "GET", "/swift/v1/AUTH_p1",
            """[{"name":"box","count":3,"bytes":12,"last_modified":"2030-05-01T10:00:00.000000"}]""",
            (c, ct) => ReadAsync<object>(c.ObjectStorage.ListContainersAsync(cancellationToken: ct), ct)),
        new("objects", "GET", "/swift/v1/AUTH_p1/box",
            """[{"name":"a","bytes":4,"hash":"0123","content_type":"image/png","last_modified":"2030-05-01T10:00:00"},{"subdir":"b/"}]""",
            (c, ct) => ReadAsync<object>(c.ObjectStorage.ListObjectsAsync("box", delimiter: '/', cancellationToken: ct), ct)),
        new("removal of objects", "POST", "/swift/v1/AUTH_p1",
            """{"Number Deleted":1,"Number Not Found":0,"Errors":[["box/a","409 Conflict"]],"Response Status":"400 Bad Request"}""",
            (c, ct) => c.ObjectStorage.DeleteObjectsAsync("box", ["a"], ct)),
    ];

    public override string ToString() => Name;

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> list, CancellationToken cancellationToken) =>
        await list.Take(50).ToListAsync(cancellationToken);
}
