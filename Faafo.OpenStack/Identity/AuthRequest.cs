using System.Text.Json;

namespace Faafo.OpenStack;

/// <summary>Writes the body of Keystone's "POST /v3/auth/tokens".</summary>
internal static class AuthRequest
{
    public static byte[] Write(Credential credential, AuthScope scope) => Json.Write(json =>
    {
        json.WriteStartObject("auth");
        json.WriteStartObject("identity");
        switch (credential)
        {
            case PasswordCredential password:
                WriteMethod(json, "password");
                json.WriteStartObject("password");
                WriteUser(json, password.UserId, password.UserName, password.UserDomain, password.Password);
                break;
            case TokenCredential token:
                WriteMethod(json, "token");
                json.WriteStartObject("token");
                json.WriteString("id", token.Token);
                break;
            case ApplicationCredential application:
                WriteMethod(json, "application_credential");
                json.WriteStartObject("application_credential");
                WriteApplicationCredential(json, application);
                break;
        }
        json.WriteEndObject();
        json.WriteEndObject();

        // Keystone rejects a scope for an application credential, which is bound to its project.
        if (credential is not ApplicationCredential)
        {
            WriteScope(json, scope);
        }
        json.WriteEndObject();
    });

    private static void WriteMethod(Utf8JsonWriter json, string method)
    {
        json.WriteStartArray("methods");
        json.WriteStringValue(method);
        json.WriteEndArray();
    }

    private static void WriteApplicationCredential(Utf8JsonWriter json, ApplicationCredential credential)
    {
        if (credential.Id is not null)
        {
            json.WriteString("id", credential.Id);
        }
        else
        {
            json.WriteString("name", credential.Name);
            WriteUser(json, credential.UserId, credential.UserName, credential.UserDomain, null);
        }
        json.WriteString("secret", credential.Secret);
    }

    private static void WriteUser(Utf8JsonWriter json, string? id, string? name, DomainReference? domain, string? password)
    {
        json.WriteStartObject("user");
        if (id is not null)
        {
            json.WriteString("id", id);
        }
        else
        {
            json.WriteString("name", name);
            WriteDomain(json, domain);
        }
        if (password is not null)
        {
            json.WriteString("password", password);
        }
        json.WriteEndObject();
    }

    private static void WriteScope(Utf8JsonWriter json, AuthScope scope)
    {
        if (scope is AuthScope.NoScope)
        {
            return;
        }
        json.WriteStartObject("scope");
        switch (scope)
        {
            case AuthScope.ProjectScope project:
                json.WriteStartObject("project");
                if (project.Id is not null)
                {
                    json.WriteString("id", project.Id);
                }
                else
                {
                    json.WriteString("name", project.Name);
                    WriteDomain(json, project.OwningDomain);
                }
                json.WriteEndObject();
                break;
            case AuthScope.DomainScope domain:
                WriteDomain(json, domain.Target);
                break;
            case AuthScope.TrustScope trust:
                json.WriteStartObject("OS-TRUST:trust");
                json.WriteString("id", trust.Id);
                json.WriteEndObject();
                break;
            case AuthScope.SystemScope:
                json.WriteStartObject("system");
                json.WriteBoolean("all", true);
                json.WriteEndObject();
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteDomain(Utf8JsonWriter json, DomainReference? domain)
    {
        json.WriteStartObject("domain");
        if (domain?.Id is { } id)
        {
            json.WriteString("id", id);
        }
        else
        {
            json.WriteString("name", domain?.Name);
        }
        json.WriteEndObject();
    }
}
