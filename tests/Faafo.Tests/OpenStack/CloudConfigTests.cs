using Faafo.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class CloudConfigTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("faafo-clouds").FullName;
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => Directory.Delete(_root, true);

    [Fact]
    public void Load_uses_the_only_cloud_in_the_working_directory()
    {
        Write("cwd/clouds.yaml", Cloud("one"));
        Write("home/.config/openstack/clouds.yaml", Cloud("other"));

        var config = Load();

        Assert.Equal("one", config.Name);
        Assert.Equal(new Uri("https://keystone.example/v3"), config.AuthUrl);
        Assert.Equal("demo", ((PasswordCredential)config.Credential).UserName);
        Assert.Equal(AuthScope.Project("demo", new DomainReference(Name: "Default")), config.Scope);
        Assert.Equal(Path.Combine(_root, "cwd/clouds.yaml"), config.File);
    }

    [Theory]
    [InlineData("cwd/clouds.json")]
    [InlineData("xdg/openstack/clouds.yaml")]
    [InlineData("home/.config/openstack/clouds.yml")]
    [InlineData("site/clouds.yaml")]
    public void Load_searches_all_documented_directories(string place)
    {
        _variables["XDG_CONFIG_HOME"] = Path.Combine(_root, "xdg");
        Write(place, """{"clouds": {"x": {"auth": {"auth_url": "http://k/v3", "token": "t"}, "auth_type": "token"}}}""");

        Assert.Equal("x", Load().Name);
    }

    [Fact]
    public void Load_prefers_OS_CLIENT_CONFIG_FILE_and_fails_if_it_is_missing()
    {
        Write("cwd/clouds.yaml", Cloud("one"));
        Write("named.yaml", Cloud("named"));

        _variables["OS_CLIENT_CONFIG_FILE"] = Path.Combine(_root, "named.yaml");
        Assert.Equal("named", Load().Name);

        _variables["OS_CLIENT_CONFIG_FILE"] = Path.Combine(_root, "gone.yaml");
        Assert.Contains("gone.yaml", Assert.Throws<CloudConfigException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_lists_the_choices_if_the_name_is_wrong_or_missing()
    {
        Write("cwd/clouds.yaml", Cloud("one") + Cloud("two")["clouds:\n".Length..]);

        Assert.Contains("one, two", Assert.Throws<CloudConfigException>(() => Load()).Message, StringComparison.Ordinal);
        var wrong = Assert.Throws<CloudConfigException>(() => Load("three"));
        Assert.Contains("no cloud 'three', only: one, two", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(2, wrong.Line);
    }

    [Fact]
    public void Load_with_OS_CLOUD_reads_only_region_and_interface_variables()
    {
        Write("cwd/clouds.yaml", Cloud("one") + Cloud("two")["clouds:\n".Length..]);
        _variables["OS_CLOUD"] = "two";
        _variables["OS_REGION_NAME"] = "North";
        _variables["OS_INTERFACE"] = "internal";
        _variables["OS_USERNAME"] = "someone-else";
        _variables["OS_AUTH_URL"] = "http://elsewhere/v3";

        var config = Load();

        Assert.Equal(("two", "North", "internal"), (config.Name, config.RegionName, config.Interfaces.Single()));
        Assert.Equal("demo", ((PasswordCredential)config.Credential).UserName);
    }

    [Fact]
    public void Load_reads_a_cloud_from_the_environment()
    {
        foreach (var (key, value) in new[]
        {
            ("AUTH_URL", "http://k:5000/v3"), ("USERNAME", "u"), ("PASSWORD", "p"), ("TENANT_NAME", "t"), ("USER_DOMAIN_ID", "default"),
            ("PROJECT_DOMAIN_NAME", "Default"), ("ENDPOINT_TYPE", "internalURL"), ("COMPUTE_ENDPOINT_OVERRIDE", "http://nova:1/v2.1"),
        })
        {
            _variables["OS_" + key] = value;
        }
        var config = Load();

        Assert.Equal("envvars", config.Name);
        Assert.Equal(AuthScope.Project("t", new DomainReference(Name: "Default")), config.Scope);
        Assert.Equal(["internal"], config.Interfaces);
        Assert.Equal(new Uri("http://nova:1/v2.1"), config.Services["compute"].EndpointOverride);
    }

    [Fact]
    public void Secure_yaml_wins_over_clouds_yaml_which_wins_over_the_profile()
    {
        Write("cwd/clouds.yaml", """
            clouds:
              one:
                profile: vendor
                region_name: from-clouds
                auth: {username: u, password: from-clouds, project_id: p, user_domain_id: d}
            """);
        Write("home/.config/openstack/secure.yaml", "clouds: {one: {auth: {password: from-secure}}}");
        Write("cwd/clouds-public.yaml",
            "public-clouds: {vendor: {region_name: from-vendor, auth: {auth_url: 'https://vendor/v3', password: from-vendor}}}");

        var config = Load();

        Assert.Equal("from-secure", ((PasswordCredential)config.Credential).Password);
        Assert.Equal("from-clouds", config.RegionName);
        Assert.Equal(new Uri("https://vendor/v3"), config.AuthUrl);
    }

    [Fact]
    public void Region_is_chosen_by_name_with_its_own_values()
    {
        Write("cwd/clouds.yaml", """
            clouds:
              one:
                auth: {auth_url: 'http://k/v3', username: u, password: p, user_domain_id: d}
                regions:
                - North
                - name: South
                  values: {network_endpoint_override: 'http://south:9696'}
            """);

        Assert.Equal("North", Load().RegionName);
        Assert.Equal(new Uri("http://south:9696"), Load(region: "South").Services["network"].EndpointOverride);
        Assert.Contains("'West', only: North, South", Assert.Throws<CloudConfigException>(
            () => Load(region: "West")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TLS_and_service_settings_are_read()
    {
        Write("ca.pem", "");
        Write("me.pem", "");
        Write("me.key", "");
        Write("cwd/clouds.yaml", Cloud("one") + $$"""
                cacert: {{_root}}/ca.pem
                cert: {{_root}}/me.pem
                key: {{_root}}/me.key
                verify: false
                interface: [internal, public]
                compute_default_microversion: '2.79'
                network_interface: admin
            """);

        var config = Load();

        Assert.Equal(new TlsSettings
        {
            Verify = false,
            CaFile = _root + "/ca.pem",
            CertificateFile = _root + "/me.pem",
            KeyFile = _root + "/me.key"
        }, config.Tls);
        Assert.Equal(["internal", "public"], config.Interfaces);
        Assert.Equal("2.79", config.Services["compute"].DefaultMicroversion);
        Assert.Equal(["admin"], config.Services["network"].Interfaces);
        Assert.True(new TlsSettings().Verify);
    }

    [Fact]
    public void Anchors_and_merge_keys_are_resolved()
    {
        Write("cwd/clouds.yaml", """
            clouds:
              one: &base
                auth: &auth {auth_url: 'http://k/v3', username: u, password: p, user_domain_id: d, project_id: x}
              two:
                <<: *base
                auth: {<<: *auth, username: other}
            """);

        Assert.Equal("other", ((PasswordCredential)Load("two").Credential).UserName);
        Assert.Equal(AuthScope.Project("x"), Load("two").Scope);
    }

    [Theory]
    [InlineData("auth_type: v2password", "v2")]
    [InlineData("auth_type: v3kerberos", "it must be password")]
    [InlineData("interface: pubic", "public, internal or admin")]
    [InlineData("verify: maybe", "it must be true or false")]
    [InlineData("cacert: /does/not/exist.pem", "does not exist")]
    [InlineData("compute_endpoint_override: nova", "an http or https address")]
    [InlineData("system_scope: all", "exclude each other")]
    public void Invalid_setting_is_reported_with_file_and_line(string setting, string expected)
    {
        Write("cwd/clouds.yaml", Cloud("one") + "    " + setting + "\n");

        var error = Assert.Throws<CloudConfigException>(() => Load());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("clouds.yaml", error.File, StringComparison.Ordinal);
        Assert.Equal(4, error.Line);
    }

    [Fact]
    public void Invalid_YAML_is_reported_with_its_line()
    {
        Write("cwd/clouds.yaml", "clouds:\n  one: {auth: [}\n");

        Assert.Equal(2, Assert.Throws<CloudConfigException>(() => Load()).Line);
    }

    [Theory]
    [InlineData("{application_credential_id: i, application_credential_secret: hush-hush}", "application_credential")]
    [InlineData("{application_credential_name: n, application_credential_secret: hush-hush, username: u, user_domain_id: d}",
        "application_credential")]
    [InlineData("{token: hush-hush}", "token")]
    [InlineData("{username: u, password: hush-hush, domain_name: D, project_name: p}", "password")]
    [InlineData("{user_id: u, password: hush-hush, system_scope: all}", "password")]
    public void Every_credential_is_read_and_hides_its_secret(string auth, string method)
    {
        Write("cwd/clouds.yaml", $"clouds: {{one: {{auth: {auth[..^1]}, auth_url: 'http://k/v3'}}}}}}");

        var config = Load();
        var body = System.Text.Encoding.UTF8.GetString(AuthRequest.Write(config.Credential, config.Scope));

        Assert.Contains($"\"methods\":[\"{method}\"]", body, StringComparison.Ordinal);
        Assert.Contains("hush-hush", body, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", config.ToString(), StringComparison.Ordinal);
        Assert.Equal(method == "application_credential", !body.Contains("scope", StringComparison.Ordinal) && method != "token");
    }

    private static string Cloud(string name) =>
        $"clouds:\n  {name}:\n    auth: {{auth_url: 'https://keystone.example/v3', username: demo, password: pw, "
        + "project_name: demo, domain_name: Default}\n";

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private CloudConfig Load(string? cloud = null, string? region = null)
    {
        Directory.CreateDirectory(Path.Combine(_root, "cwd"));
        return CloudConfig.Load(cloud, region, new CloudConfigSource
        {
            Variables = _variables,
            CurrentDirectory = Path.Combine(_root, "cwd"),
            HomeDirectory = Path.Combine(_root, "home"),
            SiteDirectories = [Path.Combine(_root, "site")],
        });
    }
}
