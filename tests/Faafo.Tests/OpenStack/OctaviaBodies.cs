using Faafo.OpenStack.LoadBalancing;

namespace Faafo.Tests.OpenStack;

/// <summary>Resources of Octavia in the format of the API reference, and what they are read as.</summary>
internal static class OctaviaBodies
{
    public const string Balancer = """
        {"id":"b","name":"web","description":"of a test","provisioning_status":"ACTIVE","operating_status":"DEGRADED",
        "admin_state_up":true,"vip_address":"10.0.0.5","vip_port_id":"x",
        "vip_subnet_id":"s","vip_network_id":"n","provider":"amphora","flavor_id":"","listeners":[{"id":"l"}],"pools":[],
        "project_id":"p1","created_at":"2030-05-01T10:00:00","tags":["blue"]}
        """;

    public const string Listener = """
        {"id":"l","name":"https","description":"of a test","protocol":"TERMINATED_HTTPS","protocol_port":443,"default_pool_id":"p",
        "provisioning_status":"ACTIVE","operating_status":"ONLINE","connection_limit":200,"admin_state_up":true,"project_id":"p1",
        "default_tls_container_ref":"http://192.0.2.1/v1/secrets/a","sni_container_refs":["http://192.0.2.1/v1/secrets/b"],
        "loadbalancers":[{"id":"lb1"}],"insert_headers":{"X-Forwarded-For":"true"},"created_at":"2030-05-01T10:00:00","l7policies":[],
        "timeout_client_data":50000,"timeout_member_connect":5000,"timeout_member_data":60000,"timeout_tcp_inspect":10,
        "tags":["blue"],"client_ca_tls_container_ref":null,"client_authentication":"NONE","client_crl_container_ref":null,
        "allowed_cidrs":["192.0.2.0/24"],"tls_ciphers":"ECDHE-RSA-AES256-GCM-SHA384","tls_versions":["TLSv1.3"],
        "alpn_protocols":["http/1.1"]}
        """;

    public const string Pool = """
        {"id":"p","name":"web","description":"of a test","protocol":"HTTP","lb_algorithm":"LEAST_CONNECTIONS",
        "provisioning_status":"ACTIVE","operating_status":"ONLINE",
        "session_persistence":{"type":"APP_COOKIE","cookie_name":"session","persistence_timeout":null,"persistence_granularity":null},
        "loadbalancers":[{"id":"lb1"}],"listeners":[{"id":"l"}],"members":[{"id":"m"}],"healthmonitor_id":"h","admin_state_up":true,
        "project_id":"p1","created_at":"2030-05-01T10:00:00","tags":["blue"],"tls_container_ref":"http://192.0.2.1/v1/secrets/a",
        "ca_tls_container_ref":"http://192.0.2.1/v1/secrets/b","crl_container_ref":null,"tls_enabled":true,"tls_ciphers":null,
        "tls_versions":[],"alpn_protocols":[]}
        """;

    public const string Member = """
        {"id":"m","name":"web-1","address":"10.0.0.7","protocol_port":8080,"weight":5,"provisioning_status":"ACTIVE",
        "operating_status":"NO_MONITOR","subnet_id":"s","backup":true,"monitor_address":"10.0.0.8","monitor_port":8081,
        "admin_state_up":true,"project_id":"p1","created_at":"2030-05-01T10:00:00","tags":["blue"]}
        """;

    public const string Monitor = """
        {"id":"h","name":"check","type":"HTTP","delay":7,"timeout":6,"max_retries":4,"max_retries_down":3,
        "http_method":"GET","url_path":"/healthz","expected_codes":"200-204","http_version":1.1,"domain_name":"app.example.org",
        "pools":[{"id":"p"}],"provisioning_status":"ACTIVE","operating_status":"ONLINE","admin_state_up":true,"project_id":"p1",
        "created_at":"2030-05-01T10:00:00","updated_at":null,"tags":["blue"]}
        """;

    public static LoadBalancer ExpectedBalancer { get; } = new()
    {
        Id = "b",
        Name = "web",
        Description = "of a test",
        ProvisioningStatus = "ACTIVE",
        OperatingStatus = "DEGRADED",
        VipAddress = "10.0.0.5",
        VipPortId = "x",
        VipSubnetId = "s",
        VipNetworkId = "n",
        Provider = "amphora",
        AdminStateUp = true,
        Tags = ["blue"],
        ProjectId = "p1",
    };

    public static Listener ExpectedListener { get; } = new()
    {
        Id = "l",
        Name = "https",
        Description = "of a test",
        Protocol = "TERMINATED_HTTPS",
        ProtocolPort = 443,
        DefaultPoolId = "p",
        LoadBalancerIds = ["lb1"],
        ConnectionLimit = 200,
        DefaultTlsContainerRef = "http://192.0.2.1/v1/secrets/a",
        SniContainerRefs = ["http://192.0.2.1/v1/secrets/b"],
        TlsVersions = ["TLSv1.3"],
        TlsCiphers = "ECDHE-RSA-AES256-GCM-SHA384",
        AlpnProtocols = ["http/1.1"],
        AllowedCidrs = ["192.0.2.0/24"],
        InsertHeaders = new Dictionary<string, string> { ["X-Forwarded-For"] = "true" },
        ClientDataTimeout = TimeSpan.FromSeconds(50),
        MemberConnectTimeout = TimeSpan.FromSeconds(5),
        MemberDataTimeout = TimeSpan.FromMinutes(1),
        TcpInspectTimeout = TimeSpan.FromMilliseconds(10),
        AdminStateUp = true,
        ProvisioningStatus = "ACTIVE",
        OperatingStatus = "ONLINE",
        ProjectId = "p1",
        Tags = ["blue"],
    };

    public static Pool ExpectedPool { get; } = new()
    {
        Id = "p",
        Name = "web",
        Description = "of a test",
        Protocol = "HTTP",
        Algorithm = "LEAST_CONNECTIONS",
        SessionPersistence = new SessionPersistence("APP_COOKIE", "session"),
        HealthMonitorId = "h",
        LoadBalancerIds = ["lb1"],
        ListenerIds = ["l"],
        MemberIds = ["m"],
        TlsEnabled = true,
        TlsContainerRef = "http://192.0.2.1/v1/secrets/a",
        CaTlsContainerRef = "http://192.0.2.1/v1/secrets/b",
        AdminStateUp = true,
        ProvisioningStatus = "ACTIVE",
        OperatingStatus = "ONLINE",
        ProjectId = "p1",
        Tags = ["blue"],
    };

    public static Member ExpectedMember { get; } = new()
    {
        Id = "m",
        Name = "web-1",
        Address = "10.0.0.7",
        ProtocolPort = 8080,
        Weight = 5,
        Backup = true,
        SubnetId = "s",
        MonitorAddress = "10.0.0.8",
        MonitorPort = 8081,
        AdminStateUp = true,
        ProvisioningStatus = "ACTIVE",
        OperatingStatus = "NO_MONITOR",
        ProjectId = "p1",
        Tags = ["blue"],
    };

    public static HealthMonitor ExpectedMonitor { get; } = new()
    {
        Id = "h",
        Name = "check",
        Type = "HTTP",
        Delay = 7,
        Timeout = 6,
        MaxRetries = 4,
        MaxRetriesDown = 3,
        HttpMethod = "GET",
        UrlPath = "/healthz",
        ExpectedCodes = "200-204",
        HttpVersion = 1.1m,
        DomainName = "app.example.org",
        AdminStateUp = true,
        ProvisioningStatus = "ACTIVE",
        OperatingStatus = "ONLINE",
        PoolIds = ["p"],
        ProjectId = "p1",
        Tags = ["blue"],
    };
}
