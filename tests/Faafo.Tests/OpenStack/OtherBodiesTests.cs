using System.Text.Json;
using Faafo.OpenStack;
using Faafo.OpenStack.Identity;
using Faafo.OpenStack.ObjectStorage;
using Faafo.OpenStack.Orchestration;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

/// <summary>Heat, Keystone and Swift: every property from a body or headers in the format of the API reference, and every request.</summary>
public sealed class OtherBodiesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stack_is_read_listed_and_updated()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Stack = """
            {"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE","stack_status_reason":"Stack CREATE completed","creation_time":"2030-05-01T10:00:00Z","updated_time":null,
            "description":"of a test","disable_rollback":true,"parameters":{"OS::stack_id":"i"},"links":[],"tags":null,"stack_owner":null,"timeout_mins":null,"capabilities":[],
            "outputs":[{"output_key":"size","output_value":{"a":[1,2]},"description":""},{"output_key":"bad","output_value":null,"output_error":"no such attribute"}]}
            """;
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", $$"""{"stack":{{Stack}}}""");
        cloud.Answer("GET", "/heat/v1/p1/stacks", """{"stacks":[{"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE","creation_time":"2030-05-01T10:00:00Z"}]}""");
        cloud.Answer("PUT", "/heat/v1/p1/stacks/app/i", "", 202);
        cloud.Answer("POST", "/heat/v1/p1/stacks/app/i/resources/scale%20up/signal", "", 200);
        cloud.Answer("PATCH", "/heat/v1/p1/stacks/app/i/resources/one", "", 200);

        var stack = await client.Orchestration.GetStackAsync("app", Ct);
        var listed = await client.Orchestration.ListStacksAsync(Ct).SingleAsync(Ct);
        await client.Orchestration.UpdateStackAsync("app", new NewStack("app", "t") { Rollback = true, Environment = "e", Files = new Dictionary<string, string> { ["f"] = "x" } }, Ct);
        await client.Orchestration.SignalAsync("app", "scale up", Ct);
        await client.Orchestration.MarkUnhealthyAsync("app", "one", "it died", Ct);

        Assert.Equal(("i", "app", "CREATE_COMPLETE", "Stack CREATE completed"), (stack.Id, stack.Name, stack.Status, stack.StatusReason));
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), stack.CreationTime);
        Assert.Equal([("size", null), ("bad", "no such attribute")], stack.Outputs.Select(output => (output.Key, output.Error)));
        Assert.Equal((JsonValueKind.Object, """{"a":[1,2]}""", null), (stack.Outputs[0].Value.ValueKind, stack.Output("size"), stack.Output("bad")));
        Assert.Equal(("i", "app", "CREATE_COMPLETE", stack.CreationTime, 0), (listed.Id, listed.Name, listed.Status, listed.CreationTime, listed.Outputs.Count));
        Assert.Equal(
            """{"stack_name":"app","template":"t","disable_rollback":false,"parameters":{},"files":{"f":"x"},"environment":"e"}""", cloud.Seen("PUT", "/stacks/app/i")[0].Body);
        Assert.Equal("{}", Assert.Single(cloud.Seen("POST", "/resources/scale%20up/signal")).Body);
        Assert.Equal("""{"mark_unhealthy":true,"resource_status_reason":"it died"}""", Assert.Single(cloud.Seen("PATCH", "/resources/one")).Body);
    }

    [Fact]
    public async Task A_resource_of_a_stack_is_read()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/heat/v1/p1/stacks/app", """{"stack":{"id":"i","stack_name":"app","stack_status":"CREATE_COMPLETE"}}""");
        cloud.Answer("GET", "/heat/v1/p1/stacks/app/i/resources", """
            {"resources":[{"resource_name":"web","logical_resource_id":"web","physical_resource_id":"server1","resource_type":"OS::Nova::Server","resource_status":"CREATE_COMPLETE",
            "resource_status_reason":"state changed","updated_time":"2030-05-01T10:00:00Z","creation_time":"2030-05-01T10:00:00Z","required_by":[],"links":[]}]}
            """);

        Body.AssertRead(
            new StackResource { Name = "web", Type = "OS::Nova::Server", PhysicalId = "server1", Status = "CREATE_COMPLETE", StatusReason = "state changed", CreationTime = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero) },
            await client.Orchestration.ListResourcesAsync("app", Ct).SingleAsync(Ct));
    }

    [Fact]
    public async Task An_application_credential_is_sent_and_read_and_hides_its_secret()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        const string Credential = """
            "id":"a","name":"worker","description":"of a test","project_id":"p1","roles":[{"id":"r1","name":"member","domain_id":null}],"expires_at":"2030-05-01T10:00:00.000000",
            "unrestricted":false,"user_id":"u1","system":null,"links":{}
            """;
        cloud.Answer("POST", "/identity/v3/users/u1/application_credentials", $$$"""{"application_credential":{{{{Credential}}},"secret":"very-secret"}}""", 201);
        cloud.Answer("GET", "/identity/v3/users/u1/application_credentials", $$$"""{"application_credentials":[{{{{Credential}}}}],"links":{"next":null,"previous":null}}""");
        cloud.Answer("DELETE", "/identity/v3/users/u1/application_credentials/a", "", 204);
        var expected = new ApplicationCredentialInfo
        {
            Id = "a",
            Name = "worker",
            Description = "of a test",
            ProjectId = "p1",
            Roles = [new NamedReference { Id = "r1", Name = "member" }],
            ExpiresAt = new(2030, 5, 1, 10, 0, 0, TimeSpan.Zero),
            Secret = "very-secret",
        };

        var made = await client.Identity.CreateApplicationCredentialAsync(
            new NewApplicationCredential("worker") { Description = "of a test", Roles = [new NamedReference { Name = "member" }] }, Ct);

        Body.AssertRead(expected, made);
        Assert.DoesNotContain("very-secret", made.ToString(), StringComparison.Ordinal);
        Body.AssertRead(expected with { Secret = null }, await client.Identity.ListApplicationCredentialsAsync("worker", Ct).SingleAsync(Ct), nameof(expected.Secret));
        Assert.True(await client.Identity.DeleteApplicationCredentialAsync("a", Ct));
        Assert.False(await client.Identity.DeleteApplicationCredentialAsync("b", Ct));
        Assert.Equal(
            """{"application_credential":{"name":"worker","description":"of a test","roles":[{"name":"member"}]}}""", cloud.Seen("POST", "/application_credentials")[0].Body);
        Assert.Equal("?name=worker", cloud.Seen("GET", "/application_credentials")[0].Query);
    }

    [Fact]
    public async Task A_token_is_read_with_its_catalog()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/auth/tokens", (context, _) =>
        {
            context.Response.Headers["X-Subject-Token"] = "the-token";
            return Fault.Status(201, """
                {"token":{"methods":["password"],"audit_ids":["x"],"issued_at":"2030-05-01T10:00:00.000000Z","expires_at":"2099-05-01T11:00:00.000000Z","is_domain":false,
                "user":{"id":"u1","name":"demo","domain":{"id":"default","name":"Default"},"password_expires_at":null},"project":{"id":"p1","name":"work","domain":{"id":"d2","name":"Other"}},
                "domain":{"id":"d3","name":"Third"},"roles":[{"id":"r1","name":"member"},{"id":"r2","name":"reader"}],
                "catalog":[{"type":"compute","name":"nova","id":"c1","endpoints":[{"id":"e1","interface":"internal","region_id":"Two","region":"two","url":"http://10.0.0.1/compute"}]}]}}
                """)(context, () => Task.CompletedTask);
        });

        var token = await client.Session.GetTokenAsync(Ct);

        Assert.Equal(("the-token", new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 5, 1, 11, 0, 0, TimeSpan.Zero)), (token.Id, token.IssuedAt, token.ExpiresAt));
        Assert.Equal(new NamedReference { Id = "u1", Name = "demo", Domain = new NamedReference { Id = "default", Name = "Default" } }, token.User);
        Assert.Equal(new NamedReference { Id = "p1", Name = "work", Domain = new NamedReference { Id = "d2", Name = "Other" } }, token.Project);
        Assert.Equal(new NamedReference { Id = "d3", Name = "Third" }, token.Domain);
        Assert.Equal([("r1", "member"), ("r2", "reader")], token.Roles.Select(role => (role.Id, role.Name)));
        var service = Assert.Single(token.Catalog.Services);
        Assert.Equal(("compute", "nova"), (service.Type, service.Name));
        Body.AssertRead(new CatalogEndpoint { Interface = "internal", Url = "http://10.0.0.1/compute", RegionId = "Two", Region = "two" }, service.Endpoints[0]);
        Assert.DoesNotContain("the-token", token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Every_login_is_sent_in_the_documented_format(Credential credential, AuthScope scope, string auth)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Identity.Credentials.Add(new("a", "u1", "p1", "worker", null, "s"));
        await using var client = cloud.Client(cloud.Config with { Credential = credential, Scope = scope });

        await client.Session.GetTokenAsync(Ct);

        Assert.Equal($$"""{"auth":{{auth}}}""", Assert.Single(cloud.Seen("POST", "/auth/tokens")).Body);
    }

    public static IEnumerable<TheoryDataRow<Credential, AuthScope, string>> Logins()
    {
        const string ById = """{"identity":{"methods":["password"],"password":{"user":{"id":"u1","password":"s3cret-of-demo"}}}""";
        var byId = new PasswordCredential { UserId = "u1", Password = FakeOpenStack.Password };
        yield return new(byId, AuthScope.None, ById + "}");
        yield return new(byId, AuthScope.System, ById + ""","scope":{"system":{"all":true}}}""");
        yield return new(byId, AuthScope.Domain(new(Name: "Default")), ById + ""","scope":{"domain":{"name":"Default"}}}""");
        yield return new(byId, AuthScope.Project("work", new(Id: "d2")), ById + ""","scope":{"project":{"name":"work","domain":{"id":"d2"}}}}""");
        yield return new(
            new PasswordCredential { UserName = "demo", UserDomain = new(Name: "Default"), Password = FakeOpenStack.Password },
            AuthScope.None,
            """{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"name":"Default"},"password":"s3cret-of-demo"}}}}""");
        yield return new(new TokenCredential { Token = "t" }, AuthScope.None, """{"identity":{"methods":["token"],"token":{"id":"t"}}}""");
        yield return new(
            new ApplicationCredential { Id = "a", Secret = "s" },
            AuthScope.System,
            """{"identity":{"methods":["application_credential"],"application_credential":{"id":"a","secret":"s"}}}""");
        yield return new(
            new ApplicationCredential { Name = "worker", UserName = "demo", UserDomain = new(Id: "default"), Secret = "s" },
            AuthScope.None,
            """{"identity":{"methods":["application_credential"],"application_credential":{"name":"worker","user":{"name":"demo","domain":{"id":"default"}},"secret":"s"}}}""");
    }

    [Fact]
    public async Task Containers_and_objects_are_read_from_headers_and_lists()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("HEAD", "/box", (context, _) => Headers(
            context, 204, ("X-Container-Object-Count", "3"), ("X-Container-Bytes-Used", "12"), ("X-Container-Meta-Owner", "J%C3%BClia"), ("X-Container-Meta-Temp-Url-Key", "secret-key")));
        cloud.Inject("HEAD", "/box/a", (context, _) => Headers(
            context, 200, ("Content-Length", "4"), ("ETag", "0123"), ("Content-Type", "image/png"), ("Last-Modified", "Wed, 01 May 2030 10:00:00 GMT"), ("X-Static-Large-Object", "True"), ("X-Delete-At", "1904551200"), ("X-Object-Meta-Colour", "blue")));
        cloud.Inject("GET", "/AUTH_p1", Fault.Status(200, """[{"name":"box","count":3,"bytes":12,"last_modified":"2030-05-01T10:00:00.000000"}]"""));
        cloud.Inject("GET", "/AUTH_p1", Fault.Status(200, "[]"));
        cloud.Inject("GET", "/box", Fault.Status(200, """[{"name":"a","bytes":4,"hash":"0123","content_type":"image/png","last_modified":"2030-05-01T10:00:00.123456"},{"subdir":"b/"}]"""));
        cloud.Inject("GET", "/box", Fault.Status(200, "[]"));
        var blue = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Colour"] = "blue" };
        var noon = new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero);

        var container = await client.ObjectStorage.GetContainerAsync("box", Ct);
        Assert.Equal(("box", 3, 12), (container.Name, container.Count, container.Bytes));
        Assert.Equal(("Owner", "Jülia"), Assert.Single(container.Metadata) switch { var only => (only.Key, only.Value) });
        Body.AssertRead(
            new ObjectInfo { Name = "a", Length = 4, ETag = "0123", ContentType = "image/png", LastModified = noon, IsLargeObject = true, DeleteAt = DateTimeOffset.FromUnixTimeSeconds(1904551200), Metadata = blue },
            await client.ObjectStorage.GetObjectAsync("box", "a", Ct));
        Body.AssertRead(new Container { Name = "box", Count = 3, Bytes = 12 }, await client.ObjectStorage.ListContainersAsync(cancellationToken: Ct).SingleAsync(Ct));
        var items = await client.ObjectStorage.ListObjectsAsync("box", delimiter: '/', cancellationToken: Ct).ToListAsync(Ct);
        Body.AssertRead(
            new ObjectItem { Name = "a", Bytes = 4, Hash = "0123", ContentType = "image/png", LastModified = noon.AddTicks(1_234_560) }, items[0], nameof(ObjectItem.Subdirectory));
        Assert.Equal((null, "b/", 2), (items[1].Name, items[1].Subdirectory, items.Count));
    }

    [Fact]
    public async Task Metadata_and_upload_options_become_the_documented_headers()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var seen = new List<Dictionary<string, string>>();
        foreach (var (method, path, status) in new[] { ("PUT", "/box", 201), ("POST", "/box/a", 202) })
        {
            cloud.Inject(method, path, (context, _) =>
            {
                seen.Add(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
                return Headers(context, status);
            });
        }

        Assert.True(await client.ObjectStorage.CreateContainerAsync("box", new Dictionary<string, string> { ["Owner"] = "50% Jülia" }, Ct));
        await client.ObjectStorage.SetObjectMetadataAsync("box", "a", new Dictionary<string, string> { ["Colour"] = "blue" }, Ct);
        await client.ObjectStorage.UploadAsync(
            "box", "a", new MemoryStream([1, 2]), new UploadOptions { ContentType = "image/png", DeleteAfter = TimeSpan.FromMinutes(2), OnlyIfNew = true, Length = 2, Metadata = new Dictionary<string, string> { ["Size"] = "2" } }, Ct);

        Assert.Equal(("50%25 J%C3%BClia", "blue"), (seen[0]["X-Container-Meta-Owner"], seen[1]["X-Object-Meta-Colour"]));
        var upload = Assert.Single(cloud.Seen("PUT", "/box/a")).Headers;
        Assert.Equal(("image/png", "120", "*", "2"), (upload.ContentType.ToString(), upload["X-Delete-After"].ToString(), upload.IfNoneMatch.ToString(), upload["X-Object-Meta-Size"].ToString()));
    }

    private static Task Headers(Microsoft.AspNetCore.Http.HttpContext context, int status, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.CompletedTask;
    }
}
