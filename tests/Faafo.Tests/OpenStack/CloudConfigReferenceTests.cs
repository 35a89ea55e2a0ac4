using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>
/// What clouds.yaml means, setting by setting: the result of openstacksdk (openstack/config/loader.py and cloud_region.py), or an
/// error that names the setting.
/// </summary>
public sealed class CloudConfigReferenceTests : IDisposable
{
    private const string Url = "auth_url: 'http://k/v3'";
    private const string User = "username: u, password: p, user_domain_id: d";

    private readonly string _root = Directory.CreateTempSubdirectory("faafo-reference").FullName;

    public static TheoryData<string, string, string> Settings { get; } = new()
    {
        // Precedence of keys beside and inside auth: those of projects, domains and tokens count beside it (_fix_backwards_auth).
        { "project_name: top", "project_name: x, project_domain_id: d", "project top@d" },
        { "project_id: top", "project_id: x", "project #top" },
        { "project_domain_id: top", "project_name: x, project_domain_id: d", "project x@top" },
        { "user_domain_id: top", "project_id: x", "user u@top" },
        { "tenant_name: top", "project_name: x, project_domain_id: d", "project x@d" },
        { "tenant_id: top", "tenant_id: x", "project #top" },
        { "token: top\n    auth_type: token", "token: x", "token top" },
        { "auth_token: top\n    auth_type: token", "token: x", "token x" },
        // All other keys count inside auth (_validate_auth).
        { "username: top", "project_id: x", "user u@d" },
        { "auth_url: 'http://top/v3'", "project_id: x", "url http://k/v3" },
        { "password: top", "project_id: x", "password p" },
        { "user-domain-id: top", "project_id: x", "user u@top" },
        // A domain that is named once holds for user and project (_handle_domain_id).
        { "domain_id: one", "project_name: x", "project x@one" },
        { "", "domain_id: one, project_name: x", "project x@one" },
        { "", "domain_id: one, project_name: x, project_domain_id: own", "project x@own" },
        // What changes the meaning of a login.
        { "", "trust_id: t", "trust t" },
        { "trust_id: t", "", "trust t" },
        { "", "trust_id: t, project_id: x", "error: trust_id and a project exclude each other" },
        { "", "trust_id: t, system_scope: all", "error: system_scope and a project or trust exclude each other" },
        { "", "system_scope: all", "system" },
        { "", "system_scope: project", "error: system_scope is 'project'; it must be 'all'" },
        { "", "passcode: '123456', project_id: x", "error: passcode is a second factor" },
        { "passcode: '123456'", "project_id: x", "error: passcode is a second factor" },
        { "", "identity_provider: idp", "error: identity_provider inside auth is not known" },
        { "", "domain_id: one", "domain #one" },
        { "auth_type: v3totp", "", "error: auth_type is 'v3totp'; it must be password, token or v3applicationcredential" },
        { "auth_type: none", "", "error: auth_type is 'none'" },
        // Regions.
        { "region_name: One", "", "region One" },
        { "region_name: [One, Two]", "", "region One" },
        { "region_name: 'One,Two'", "", "region One" },
        { "regions: [One, Two]", "", "region One" },
        { "regions: [{name: One, values: {region_name: x, interface: admin}}]", "", "interfaces admin" },
        { "regions: [{name: One, values: {auth: {username: other}}}]", "", "user other@d" },
        { "regions: [{values: {interface: admin}}]", "", "error: a region must be a name, or a mapping with name and values" },
        { "regions: []", "", "region -" },
        { "compute_region_name: Two", "", "error: compute_region_name is 'Two', but all services of a cloud are taken from one region" },
        { "region_name: One\n    compute_region_name: One", "", "region One" },
        // Templates.
        { "region_name: One\n    compute_endpoint_override: 'http://{region_name}.k:8774'", "", "compute http://one.k:8774/" },
        { "compute_endpoint_override: 'http://{region_name}.k'", "", "error: compute_endpoint_override is 'http://{region_name}.k', but" },
        { "place: here\n    compute_endpoint_override: 'http://k/{place}/{{x}}'", "", "compute http://k/here/%7Bx%7D" },
        { "compute_endpoint_override: 'http://k/{'", "", "error: compute_endpoint_override is 'http://k/{': a brace without its pair" },
        { "compute_endpoint: 'http://k/nova'", "", "compute http://k/nova" },
        // Interfaces (_fix_backwards_interface): the defaults have "interface", so an endpoint_type comes after it.
        { "interface: internal\n    endpoint_type: admin", "", "interfaces admin" },
        { "endpoint_type: admin\n    interface: internal", "", "interfaces admin" },
        { "endpoint_type: internalURL", "", "interfaces internal" },
        { "interface: [internal, public]", "", "interfaces internal,public" },
        // Time limits (_fix_backwards_api_timeout).
        { "api_timeout: 12", "", "timeout 12" },
        { "api_timeout: 0.5", "", "timeout 0.5" },
        { "api_timeout: 12\n    compute_timeout: 7", "", "timeout 7" },
        { "timeout: 9", "", "timeout -" },
        { "api_timeout:", "", "timeout -" },
        { "api_timeout: soon", "", "error: api_timeout is 'soon'; it must be a number of seconds" },
        { "api_timeout: 0", "", "error: api_timeout is '0'" },
        // Networks (_fix_backwards_networks).
        { "networks: [{name: a, routes_externally: true, nat_source: true}, {name: b, nat_destination: true, default_interface: true}]", "",
            "networks a:external+v4+v6+source b:destination+default" },
        { "networks: [{name: a, routes_externally: true, routes_ipv6_externally: false}]", "", "networks a:external+v4" },
        { "external_network: a\n    internal_network: b", "", "networks a:external+v4+v6+default b:destination" },
        { "external_network: a\n    networks: [{name: b}]", "", "error: external_network and networks exclude each other" },
        { "networks: [{routes_externally: true}]", "", "error: networks has an entry without a name" },
        { "networks: [{name: a, nat_destination: true}, {name: b, nat_destination: true}]", "",
            "error: networks has nat_destination at a and b; only one network can have it" },
        // Certificates (get_requests_verify_args).
        { "cacert: ~/ca.pem", "", "ca HOME/ca.pem" },
        { "cert: ~/ca.pem\n    key: ~/ca.pem", "", "cert HOME/ca.pem HOME/ca.pem" },
        { "cacert: ~/gone.pem", "", "error: cacert is 'HOME/gone.pem', a file that does not exist" },
        { "cacert: ~/gone.pem\n    verify: false", "", "verify False" },
        { "insecure: true\n    verify: true", "", "verify False" },
        { "insecure: false\n    verify: false", "", "verify False" },
        // Profiles.
        { "profile: local", "", "region Vendor" },
        { "cloud: local", "", "region Vendor" },
        { "cloud: local\n    region_name: Own", "", "region Own" },
        { "profile: regional", "", "region V1" },
        { "profile: regional\n    region_name: Own", "", "region Own" },
        { "profile: vexxhost", "",
            "error: the profile 'vexxhost' is a vendor profile of openstacksdk, which this library does not contain" },
        { "profile: 'https://vendor.example'", "", "error: the profile 'https://vendor.example' is an address" },
        { "profile: unknown", "", "error: there is no profile 'unknown' in clouds-public.yaml, only: local, regional" },
    };

    public void Dispose() => Directory.Delete(_root, true);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_means_what_it_means_in_openstacksdk_or_is_refused_by_name(string beside, string inside, string expected)
    {
        var login = inside.StartsWith("token", StringComparison.Ordinal) ? "" : $", {User}";
        var rest = inside.Length > 0 ? $", {inside}" : "";
        Write("clouds.yaml", $"clouds:\n  one:\n    auth: {{{Url}{login}{rest}}}\n    {beside}\n");

        AssertResult(expected, () => Load());
    }

    [Fact]
    public void Region_that_is_not_in_a_list_is_an_error_that_names_the_choices()
    {
        Write("clouds.yaml", $"clouds:\n  one:\n    auth: {{{Url}, {User}}}\n    region_name: [One, Two]\n");

        AssertResult("region Two", () => Load(region: "Two"));
        AssertResult("error: there is no region 'Three', only: One, Two", () => Load(region: "Three"));
    }

    [Fact]
    public void Region_in_an_address_is_the_one_that_was_asked_for()
    {
        Write("clouds.yaml",
            $"clouds:\n  one:\n    auth: {{auth_url: 'http://{{region_name}}.k/v3', {User}}}\n    regions: [One, Two]\n");

        AssertResult("url http://one.k/v3", () => Load());
        AssertResult("url http://two.k/v3", () => Load(region: "Two"));
    }

    [Fact]
    public void Cloud_that_is_only_in_secure_yaml_is_found()
    {
        Write("secure.yaml", $"clouds: {{hidden: {{auth: {{{Url}, {User}}}}}}}");

        AssertResult("name hidden", () => Load());

        Write("clouds.yaml", $"clouds: {{one: {{auth: {{{Url}, {User}}}}}}}");

        AssertResult("name hidden", () => Load("hidden"));
        AssertResult("name one", () => Load("one"));
        AssertResult("error: no cloud is named: choose one by an argument or OS_CLOUD; the file has: hidden, one", () => Load());
    }

    [Fact]
    public void Cloud_of_the_environment_has_the_name_of_OS_CLOUD_NAME()
    {
        Write("clouds.yaml", $"clouds: {{one: {{auth: {{{Url}, {User}}}}}}}");
        (string, string)[] login = [("OS_AUTH_URL", "http://e/v3"), ("OS_USERNAME", "e"), ("OS_PASSWORD", "p"), ("OS_USER_DOMAIN_ID", "d")];

        AssertResult("name envvars", () => Load(null, null, login));
        AssertResult("name mine", () => Load(null, null, [.. login, ("OS_CLOUD_NAME", "mine")]));
        AssertResult("user e@d", () => Load("mine", null, [.. login, ("OS_CLOUD_NAME", "mine")]));
        AssertResult("user u@d", () => Load("one", null, [.. login, ("OS_CLOUD_NAME", "mine")]));
        AssertResult("error: the cloud 'one' has the name of the cloud that OS_* variables describe",
            () => Load("one", null, [("OS_CLOUD", "one"), ("OS_CLOUD_NAME", "one")]));
    }

    [Theory]
    [InlineData("OS_TRUST_ID", "t", "trust t")]
    [InlineData("OS_PASSCODE", "123456", "error: passcode is a second factor")]
    [InlineData("OS_ENDPOINT_TYPE", "internalURL", "interfaces internal")]
    [InlineData("OS_PROJECT_ID", "x", "project #x")]
    [InlineData("OS_CACERT", "~/ca.pem", "ca HOME/ca.pem")]
    public void Variable_means_what_the_setting_means(string variable, string value, string expected) => AssertResult(
        expected, () => Load(null, null,
            [("OS_AUTH_URL", "http://e/v3"), ("OS_USERNAME", "e"), ("OS_PASSWORD", "p"), ("OS_USER_DOMAIN_ID", "d"), (variable, value)]));

    [Fact]
    public void Time_limit_of_the_file_holds_unless_the_program_has_set_one()
    {
        Write("clouds.yaml", $"clouds:\n  one:\n    auth: {{{Url}, {User}}}\n    api_timeout: 12\n");
        var config = Load();

        Assert.Equal(TimeSpan.FromSeconds(12), config.Apply(new OpenStackClientOptions()).AttemptTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3),
            config.Apply(new OpenStackClientOptions { AttemptTimeout = TimeSpan.FromSeconds(3) }).AttemptTimeout);
    }

    [Fact]
    public void Trust_is_the_scope_of_the_login()
    {
        Write("clouds.yaml", $"clouds: {{one: {{auth: {{{Url}, {User}, trust_id: t1}}}}}}");
        var config = Load();

        var body = System.Text.Encoding.UTF8.GetString(AuthRequest.Write(config.Credential, config.Scope));

        Assert.EndsWith(""","scope":{"OS-TRUST:trust":{"id":"t1"}}}}""", body, StringComparison.Ordinal);
    }

    private static string Networks(CloudConfig config) => string.Join(' ', config.Networks.Select(network => network.Name + ":"
        + string.Join('+', new[]
        {
            (network.RoutesExternally, "external"), (network.RoutesIPv4Externally, "v4"), (network.RoutesIPv6Externally, "v6"),
            (network.IsNatSource, "source"), (network.IsNatDestination, "destination"), (network.IsDefaultInterface, "default"),
        }.Where(flag => flag.Item1).Select(flag => flag.Item2))));

    private void AssertResult(string expected, Func<CloudConfig> load)
    {
        expected = expected.Replace("HOME", Path.Combine(_root, "home"), StringComparison.Ordinal);
        if (expected.StartsWith("error: ", StringComparison.Ordinal))
        {
            var error = Assert.Throws<CloudConfigException>(load);
            Assert.Contains(expected["error: ".Length..], error.Message, StringComparison.Ordinal);
            return;
        }
        var config = load();
        var domain = (DomainReference? one) => one?.Id ?? one?.Name;
        var actual = expected.Split(' ')[0] switch
        {
            "name" => config.Name,
            "url" => config.AuthUrl.AbsoluteUri,
            "user" => config.Credential is PasswordCredential user ? $"{user.UserName}@{domain(user.UserDomain)}" : null,
            "password" => (config.Credential as PasswordCredential)?.Password,
            "token" => (config.Credential as TokenCredential)?.Token,
            "project" => config.Scope switch
            {
                AuthScope.ProjectScope { Id: { } id } => $"#{id}",
                AuthScope.ProjectScope project => $"{project.Name}@{domain(project.OwningDomain)}",
                _ => null,
            },
            "domain" => config.Scope is AuthScope.DomainScope scope ? $"#{scope.Target.Id}" : null,
            "trust" => (config.Scope as AuthScope.TrustScope)?.Id,
            "system" => config.Scope == AuthScope.System ? "" : null,
            "region" => config.RegionName ?? "-",
            "interfaces" => string.Join(',', config.Interfaces),
            "compute" => config.Services["compute"].EndpointOverride?.AbsoluteUri,
            "timeout" => config.ApiTimeout?.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-",
            "networks" => Networks(config),
            "ca" => config.Tls.CaFile,
            "cert" => $"{config.Tls.CertificateFile} {config.Tls.KeyFile}",
            "verify" => config.Tls.Verify.ToString(),
            _ => throw new ArgumentException($"unknown expectation '{expected}'", nameof(expected)),
        };
        Assert.Equal(expected.Split(' ', 2) is [_, var value] ? value : "", actual);
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_root, "cwd"));
        File.WriteAllText(Path.Combine(_root, "cwd", name), text);
    }

    private CloudConfig Load(string? cloud = null, string? region = null, (string Key, string Value)[]? variables = null)
    {
        Directory.CreateDirectory(Path.Combine(_root, "home"));
        File.WriteAllText(Path.Combine(_root, "home", "ca.pem"), "");
        Write("clouds-public.yaml", "public-clouds: {local: {region_name: Vendor}, regional: {regions: [V1, V2]}}");
        return CloudConfig.Load(cloud, region, new CloudConfigSource
        {
            Variables = (variables ?? []).ToDictionary(one => one.Key, one => one.Value),
            CurrentDirectory = Path.Combine(_root, "cwd"),
            HomeDirectory = Path.Combine(_root, "home"),
            SiteDirectories = [],
        });
    }
}
