namespace Faafo.OpenStack;

/// <summary>
/// Reads what a cloud logs in with and for which scope. A setting that would change the login, but that this library does not know, is an
/// error: without it the token might be for another project.
/// </summary>
internal sealed class LoginReader(CloudSettings settings)
{
    private static readonly string[] Known =
    [
        "auth_url", "auth_type", "auth_plugin", "username", "user_name", "user_id", "password", "token", "auth_token", "project_id",
        "project_name", "tenant_id", "tenant_name", "project_domain", "project_domain_id", "project_domain_name", "user_domain",
        "user_domain_id", "user_domain_name", "domain", "domain_id", "domain_name", "default_domain", "default_domain_id",
        "default_domain_name", "tenant_domain_id", "tenant_domain_name", "trust_id", "system_scope", "application_credential_id",
        "application_credential_name", "application_credential_secret",
    ];

    private bool IsProjectScoped => ProjectId is not null || ProjectName is not null;

    private string? ProjectId => settings.GetOuter("project_id") ?? settings.GetOuter("tenant_id");

    private string? ProjectName => settings.GetOuter("project_name") ?? settings.GetOuter("tenant_name");

    /// <summary>Reads the credential.</summary>
    public Credential ReadCredential()
    {
        if (settings.GetOuter("passcode") is not null)
        {
            throw settings.Wrong("passcode", "is a second factor (auth_type v3totp or v3multifactor), which this library does not support: "
                + "use an application credential");
        }
        if (settings.AuthKeys.FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
        {
            throw settings.Wrong(unknown, "inside auth is not known and would be ignored: remove it or move it beside auth");
        }
        var type = settings.Get("auth_type") ?? settings.Get("auth_plugin") ?? Guess();
        return type switch
        {
            "password" or "v3password" => ReadPassword(),
            "token" or "v3token" => new TokenCredential
            {
                Token = settings.GetOuter("token") ?? settings.GetOuter("auth_token") ?? throw settings.Wrong("token", "is missing"),
            },
            "v3applicationcredential" or "v3_application_credential" or "application_credential" => ReadApplicationCredential(),
            "v2password" or "v2token" => throw settings.Wrong(
                "auth_type", $"is '{type}': Keystone v2 was removed from OpenStack in 2018; use password with /v3"),
            _ => throw settings.Wrong("auth_type", $"is '{type}'; it must be password, token or v3applicationcredential"),
        };
    }

    /// <summary>Reads the scope. Keystone accepts exactly one.</summary>
    public AuthScope ReadScope()
    {
        var system = settings.Get("system_scope");
        if (system is not null and not "all")
        {
            throw settings.Wrong("system_scope", $"is '{system}'; it must be 'all'");
        }
        var trust = settings.Get("trust_id");
        if (system is not null && (IsProjectScoped || trust is not null))
        {
            throw settings.Wrong("system_scope", "and a project or trust exclude each other: a token has only one scope");
        }
        if (trust is not null)
        {
            return !IsProjectScoped ? AuthScope.Trust(trust) : throw settings.Wrong(
                "trust_id", "and a project exclude each other: a trust names its project; remove project_id and project_name");
        }
        if (ProjectId is { } id)
        {
            return AuthScope.Project(id);
        }
        if (ProjectName is { } project)
        {
            return AuthScope.Project(project, Domain("project_domain") ?? throw settings.Wrong(
                "project_domain_name", "is missing: a project's name is unique only within a domain ('Default' on most clouds)"));
        }
        if (system is not null)
        {
            return AuthScope.System;
        }
        return Named("domain") is { } domain ? AuthScope.Domain(domain) : AuthScope.None;
    }

    private PasswordCredential ReadPassword()
    {
        var user = new PasswordCredential
        {
            UserId = settings.Get("user_id"),
            UserName = settings.Get("username") ?? settings.Get("user_name"),
            UserDomain = Domain("user_domain"),
            Password = settings.Require("password"),
        };
        return user switch
        {
            { UserId: null, UserName: null } => throw settings.Wrong("username", "is missing"),
            { UserId: null, UserDomain: null } => throw settings.Wrong(
                "user_domain_name", "is missing: a user's name is unique only within a domain ('Default' on most clouds)"),
            _ => user,
        };
    }

    private ApplicationCredential ReadApplicationCredential()
    {
        var credential = new ApplicationCredential
        {
            Id = settings.Get("application_credential_id"),
            Name = settings.Get("application_credential_name"),
            UserId = settings.Get("user_id"),
            UserName = settings.Get("username") ?? settings.Get("user_name"),
            UserDomain = Domain("user_domain"),
            Secret = settings.Require("application_credential_secret"),
        };
        return credential switch
        {
            { Id: null, Name: null } => throw settings.Wrong("application_credential_id", "is missing"),
            { Id: null, UserId: null, UserName: null } => throw settings.Wrong(
                "username", "is missing: an application credential's name is unique only within its user"),
            { Id: null, UserId: null, UserDomain: null } => throw settings.Wrong("user_domain_name", "is missing"),
            _ => credential,
        };
    }

    private string Guess()
    {
        if (settings.Get("application_credential_id") is not null || settings.Get("application_credential_name") is not null)
        {
            return "v3applicationcredential";
        }
        return settings.GetOuter("token") is not null && settings.Get("password") is null ? "token" : "password";
    }

    // domain_id and domain_name hold for user and project where these have none of their own (_handle_domain_id).
    private DomainReference? Domain(string prefix) => Named(prefix) ?? Named("domain") ?? Named("default_domain");

    private DomainReference? Named(string prefix) =>
        (settings.GetOuter(prefix + "_id"), settings.GetOuter(prefix + "_name"), settings.GetOuter(prefix)) switch
        {
            (null, null, null) => null,
            (null, null, { } id) => new DomainReference(Id: id),
            (var id, var text, _) => new DomainReference(id, id is null ? text : null),
        };
}
