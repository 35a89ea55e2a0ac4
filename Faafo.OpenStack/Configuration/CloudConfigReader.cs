namespace Faafo.OpenStack;

/// <summary>Reads the merged settings of one cloud into a <see cref="CloudConfig"/>; errors have the place of the setting.</summary>
internal sealed class CloudConfigReader(string name, ConfigNode cloud)
{
    private readonly ConfigNode _auth = cloud.Members.TryGetValue("auth", out var auth) ? auth : cloud;

    public CloudConfig Read(string? region)
    {
        var authUrl = Setting("auth_url") ?? throw Wrong("auth_url", "is missing: the address of Keystone");
        return new CloudConfig
        {
            Name = name,
            AuthUrl = Address("auth_url", authUrl),
            Credential = ReadCredential(),
            Scope = ReadScope(),
            RegionName = region,
            Interfaces = Interfaces("interface") ?? ["public"],
            Tls = ReadTls(),
            Services = ServiceType.All.ToDictionary(type => type.Name, ReadService),
            File = cloud.File,
        };
    }

    private Credential ReadCredential()
    {
        var type = Setting("auth_type") ?? Setting("auth_plugin") ?? Guess();
        var userDomain = Domain("user_domain") ?? Domain("domain") ?? Domain("default_domain");
        switch (type)
        {
            case "password" or "v3password":
                var user = new PasswordCredential
                {
                    UserId = Setting("user_id"),
                    UserName = Setting("username") ?? Setting("user_name"),
                    UserDomain = userDomain,
                    Password = Required("password"),
                };
                return user switch
                {
                    { UserId: null, UserName: null } => throw Wrong("username", "is missing"),
                    { UserId: null, UserDomain: null } => throw Wrong(
                        "user_domain_name", "is missing: a user's name is unique only within a domain ('Default' on most clouds)"),
                    _ => user,
                };
            case "token" or "v3token":
                return new TokenCredential { Token = Setting("token") ?? Setting("auth_token") ?? throw Wrong("token", "is missing") };
            case "v3applicationcredential" or "v3_application_credential" or "application_credential":
                var credential = new ApplicationCredential
                {
                    Id = Setting("application_credential_id"),
                    Name = Setting("application_credential_name"),
                    UserId = Setting("user_id"),
                    UserName = Setting("username"),
                    UserDomain = userDomain,
                    Secret = Required("application_credential_secret"),
                };
                return credential switch
                {
                    { Id: null, Name: null } => throw Wrong("application_credential_id", "is missing"),
                    { Id: null, UserId: null, UserName: null } => throw Wrong(
                        "username", "is missing: an application credential's name is unique only within its user"),
                    { Id: null, UserId: null, UserDomain: null } => throw Wrong("user_domain_name", "is missing"),
                    _ => credential,
                };
            case "v2password" or "v2token":
                throw Wrong("auth_type", $"is '{type}': Keystone v2 was removed from OpenStack in 2018; use password with /v3");
            default:
                throw Wrong("auth_type", $"is '{type}'; it must be password, token or v3applicationcredential");
        }
    }

    private string Guess()
    {
        if (Setting("application_credential_id") is not null || Setting("application_credential_name") is not null)
        {
            return "v3applicationcredential";
        }
        return Setting("token") is not null && Setting("password") is null ? "token" : "password";
    }

    private AuthScope ReadScope()
    {
        var id = Setting("project_id");
        var project = Setting("project_name");
        var system = Setting("system_scope");
        if (system is not null and not "all")
        {
            throw Wrong("system_scope", $"is '{system}'; it must be 'all'");
        }
        if (system is not null && (id ?? project) is not null)
        {
            throw Wrong("system_scope", "and a project exclude each other: a token has only one scope");
        }
        if (id is not null)
        {
            return AuthScope.Project(id);
        }
        if (project is not null)
        {
            var projectDomain = Domain("project_domain") ?? Domain("domain") ?? Domain("default_domain");
            return AuthScope.Project(project, projectDomain ?? throw Wrong(
                "project_domain_name", "is missing: a project's name is unique only within a domain ('Default' on most clouds)"));
        }
        if (system is not null)
        {
            return AuthScope.System;
        }
        return Domain("domain") is { } domain ? AuthScope.Domain(domain) : AuthScope.None;
    }

    private TlsSettings ReadTls() => new()
    {
        Verify = ReadVerify(),
        CaFile = Existing("cacert"),
        CertificateFile = Existing("cert"),
        KeyFile = Existing("key"),
    };

    private bool ReadVerify()
    {
        if (cloud.Get("verify") is { } verify)
        {
            return Flag("verify", verify);
        }
        return cloud.Get("insecure") is not { } insecure || !Flag("insecure", insecure);
    }

    private ServiceSettings ReadService(ServiceType type)
    {
        var overriding = type.SettingPrefixes.Select(prefix => prefix + "_endpoint_override")
            .FirstOrDefault(key => cloud.Get(key) is not null);
        return new ServiceSettings
        {
            EndpointOverride = overriding is null ? null : Address(overriding, cloud.Get(overriding)!),
            Interfaces = type.SettingPrefixes.Select(prefix => Interfaces(prefix + "_interface"))
                .FirstOrDefault(found => found is not null),
            DefaultMicroversion = type.SettingPrefixes.Select(prefix => cloud.Get(prefix + "_default_microversion"))
                .FirstOrDefault(found => found is not null),
        };
    }

    private List<string>? Interfaces(string key)
    {
        if (!cloud.Members.TryGetValue(key, out var node))
        {
            return null;
        }
        var names = node.Items.Count > 0
            ? node.Items.Select(item => item.Text ?? "")
            : (node.Text ?? "").Split(',', StringSplitOptions.TrimEntries);
        var found = names.Where(text => text.Length > 0)
            .Select(text => text.EndsWith("URL", StringComparison.Ordinal) ? text[..^"URL".Length] : text).ToList();
        if (found.FirstOrDefault(text => text is not ("public" or "internal" or "admin")) is { } unknown)
        {
            throw Wrong(key, $"is '{unknown}'; it must be public, internal or admin");
        }
        return found.Count == 0 ? null : found;
    }

    private DomainReference? Domain(string prefix) =>
        (Setting(prefix + "_id"), Setting(prefix + "_name"), Setting(prefix)) switch
        {
            (null, null, null) => null,
            (null, null, { } id) => new DomainReference(Id: id),
            (var id, var text, _) => new DomainReference(id, id is null ? text : null),
        };

    private string? Existing(string key)
    {
        var path = cloud.Get(key);
        return path is null || File.Exists(path) ? path : throw Wrong(key, $"is '{path}', a file that does not exist");
    }

    private bool Flag(string key, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" or "1" or "Y" => true,
        "FALSE" or "NO" or "OFF" or "0" or "N" => false,
        _ => throw Wrong(key, $"is '{text}'; it must be true or false"),
    };

    private Uri Address(string key, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Wrong(key, $"is '{text}'; it must be an http or https address");

    private string Required(string key) => Setting(key) ?? throw Wrong(key, "is missing (it may be in secure.yaml)");

    private string? Setting(string key) => _auth.Get(key) ?? cloud.Get(key);

    private CloudConfigException Wrong(string key, string problem)
    {
        var where = _auth.Members.GetValueOrDefault(key) ?? cloud.Members.GetValueOrDefault(key) ?? cloud;
        return new CloudConfigException($"cloud '{name}': {key} {problem}", where.File, where.Line);
    }
}
