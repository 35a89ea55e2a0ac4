using System.Globalization;
using System.Net;
using Faafo.OpenStack;
using Faafo.TestKit.OpenStack;
using Xunit;

namespace Faafo.Tests.OpenStack;

public sealed class CloudSessionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Thousand_concurrent_401s_cause_one_login()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.Session.GetTokenAsync(Ct);
        cloud.RevokeTokens();
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small"}}""");

        var flavors = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => client.Compute.GetFlavorAsync("1", Ct)));

        Assert.All(flavors, flavor => Assert.Equal("small", flavor.Name));
        Assert.Equal(2, cloud.Logins);
    }

    [Fact]
    public async Task Token_is_renewed_two_minutes_before_it_expires()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var first = await client.Session.GetTokenAsync(Ct);

        cloud.Time.Advance(TimeSpan.FromMinutes(57));
        Assert.Equal(first.Id, (await client.Session.GetTokenAsync(Ct)).Id);
        cloud.Time.Advance(TimeSpan.FromMinutes(1.5));
        Assert.NotEqual(first.Id, (await client.Session.GetTokenAsync(Ct)).Id);
    }

    [Fact]
    public async Task Valid_token_is_used_while_Keystone_is_unavailable()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var first = await client.Session.GetTokenAsync(Ct);
        cloud.Time.Advance(TimeSpan.FromMinutes(58.5));
        cloud.Inject("POST", "/auth/tokens", Fault.Status(503), times: 5);

        Assert.Equal(first.Id, (await client.Session.GetTokenAsync(Ct)).Id);
    }

    [Fact]
    public async Task Wrong_password_is_reported_without_showing_it()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with
        {
            Credential = new PasswordCredential { UserId = "u", Password = "wr0ng-s3cret" },
        });
        var error = await Assert.ThrowsAsync<UnauthorizedException>(() => client.Session.GetTokenAsync(Ct));

        Assert.Equal("req-fake", error.RequestId);
        Assert.DoesNotContain("wr0ng-s3cret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, cloud.Logins);
    }

    [Theory]
    [InlineData(300,
        """{"versions":{"values":[{"id":"v3.14","status":"stable","links":[{"rel":"self","href":"http://inside:5000/identity/v3/"}]}]}}""")]
    [InlineData(200, """{"versions":[{"id":"v3.8","links":[{"rel":"self","href":"https://inside/identity/v3"}]}]}""")]
    [InlineData(404, "<html>no such page</html>")]
    public async Task Keystone_v3_is_found_below_an_address_without_a_version(int status, string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Answer("GET", "/identity", body, status);
        await using var client = cloud.Client(cloud.Config with { AuthUrl = new Uri(cloud.Url + "/identity") });

        Assert.Equal("demo", (await client.Session.GetTokenAsync(Ct)).User?.Name);
    }

    [Fact]
    public async Task Cloud_with_only_Keystone_v2_is_rejected()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Answer("GET", "/identity", """{"versions":{"values":[{"id":"v2.0"}]}}""", 300);
        await using var client = cloud.Client(cloud.Config with { AuthUrl = new Uri(cloud.Url + "/identity") });

        Assert.Contains("only: v2.0", (
            await Assert.ThrowsAsync<OpenStackException>(() => client.Session.GetTokenAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(408), InlineData(429), InlineData(500), InlineData(502), InlineData(503), InlineData(504)]
    public async Task Reads_are_retried(int status)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small"}}""");
        cloud.Inject("GET", "/flavors/1", Fault.Status(status), times: 4);

        Assert.Equal("small", (await client.Compute.GetFlavorAsync("1", Ct)).Name);
    }

    [Fact]
    public async Task Retries_end_with_the_last_response()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", "/flavors/1", Fault.Status(503, "<html><title>x</title><h1>Busy</h1></html>"), times: 5);

        var error = await Assert.ThrowsAsync<OpenStackApiException>(() => client.Compute.GetFlavorAsync("1", Ct));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "x Busy"), (error.Status, error.Detail));
    }

    [Fact]
    public async Task Reads_are_retried_after_lost_connections_and_slow_bodies()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(options: new OpenStackClientOptions { AttemptTimeout = TimeSpan.FromMinutes(1) });
        cloud.Inject("GET", "/servers/detail", Fault.Broken);

        Assert.Empty(await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct));

        await using var impatient = new OpenStackClient(cloud.Config,
            new OpenStackClientOptions { AttemptTimeout = TimeSpan.FromMilliseconds(150), RetryBaseDelay = TimeSpan.FromMilliseconds(1) });
        cloud.Inject("GET", "/servers/detail", Fault.SlowBody);
        Assert.Empty(await impatient.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct));
    }

    [Theory]
    [InlineData(500, null, false), InlineData(503, null, false), InlineData(503, "1", true)]
    [InlineData(413, "1", true), InlineData(429, null, true)]
    public async Task POST_is_retried_only_if_it_was_not_carried_out(int status, string? retryAfter, bool repeated)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/security-groups", Fault.Status(status, retryAfter: retryAfter));

        var creation = client.Networking.CreateSecurityGroupAsync("g", "", Ct);

        if (repeated)
        {
            Assert.Equal("g", (await creation).Name);
        }
        else
        {
            Assert.Equal(status, (int)(await Assert.ThrowsAsync<OpenStackApiException>(() => creation)).Status);
            Assert.Empty(cloud.Network.Groups);
        }
    }

    [Fact]
    public async Task Retry_After_in_seconds_or_as_a_date_is_respected_up_to_a_limit()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        await client.Session.GetTokenAsync(Ct);
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":"1","name":"small"}}""");
        await client.Compute.GetFlavorAsync("1", Ct);
        cloud.Time.Pauses.Clear();

        cloud.Inject("GET", "/flavors/1", Fault.Status(429, retryAfter: "7"));
        cloud.Inject("GET", "/flavors/1", Fault.Status(
            503, retryAfter: (cloud.Time.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("r", CultureInfo.InvariantCulture)));
        await client.Compute.GetFlavorAsync("1", Ct);
        Assert.Equal([7.0, 13.0], cloud.Time.Pauses.Select(pause => Math.Round(pause.TotalSeconds)));

        cloud.Inject("GET", "/flavors/1", Fault.Status(429, retryAfter: "600"));
        var error = await Assert.ThrowsAsync<RateLimitedException>(() => client.Compute.GetFlavorAsync("1", Ct));
        Assert.Equal(TimeSpan.FromSeconds(600), error.RetryAfter);
    }

    [Fact]
    public async Task Closed_port_is_reported_as_never_arrived()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with { AuthUrl = new Uri("http://127.0.0.1:1/v3") });

        var error = await Assert.ThrowsAsync<NoAnswerException>(() => client.Session.GetTokenAsync(Ct));

        Assert.False(error.MayHaveArrived);
        Assert.Equal(4, cloud.Time.Pauses.Count);
    }

    [Fact]
    public async Task Redirects_on_the_same_host_keep_method_and_body()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("POST", "/security-groups", Fault.Redirect(302, "/network/v2.0/security-groups?again"));

        Assert.Equal("g", (await client.Networking.CreateSecurityGroupAsync("g", "", Ct)).Name);
    }

    [Fact]
    public async Task Redirects_to_another_host_are_not_followed_with_the_token()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var thief = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Inject("GET", "/flavors/1", Fault.Redirect(302, thief.Url + "/open/flavors/1"));

        var error = await Assert.ThrowsAsync<OpenStackApiException>(() => client.Compute.GetFlavorAsync("1", Ct));

        Assert.Equal(HttpStatusCode.Found, error.Status);
        Assert.Empty(thief.Requests);
    }

    [Theory]
    [InlineData("http://a:1/x", "http://a:1/y", "http://a:1/y")]
    [InlineData("https://a/x", "http://a/y", "https://a/y")]
    [InlineData("https://a/x", "http://a:8004/y", "https://a/y")]
    [InlineData("http://a/x", "https://a/y", null)]
    [InlineData("https://a/x", "https://b/y", null)]
    [InlineData("https://a/x", "https://a:444/y", null)]
    public void Redirects_stay_on_their_origin(string from, string to, string? expected)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(to) } };

        Assert.Equal(expected, RedirectHandler.Target(new Uri(from), response)?.ToString());
    }

    [Fact]
    public async Task Pages_are_read_through_links_of_another_scheme_and_host()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Compute.PageSize = 2;
        for (var i = 0; i < 5; i++)
        {
            await client.Compute.CreateServerAsync(new($"s{i}", "i", "f"), Ct);
        }
        var servers = await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], servers.Select(server => server.Name));
    }

    [Fact]
    public async Task Repeated_link_ends_the_list()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", """{"images":[{"id":"a","status":"active"}],"next":"/v2/images?marker=a"}""");

        Assert.Equal(2, await client.Images.ListImagesAsync(cancellationToken: Ct).CountAsync(Ct));
    }

    [Theory]
    [InlineData("https://api/image/v2", "/v2/images?marker=1", "https://api/image/v2/images?marker=1")]
    [InlineData("https://api/v2.1", "http://nova:8774/v2.1/servers?marker=1", "https://api/v2.1/servers?marker=1")]
    [InlineData("https://api/compute/v2.1", "http://nova/compute/v2.1/servers?m=1", "https://api/compute/v2.1/servers?m=1")]
    [InlineData("https://api/v2.0", "?marker=1", "https://api/v2.0?marker=1")]
    [InlineData("https://api/image/v2", "images?marker=1", "https://api/image/v2/images?marker=1")]
    [InlineData("http://api:1/x/v2", "@thief:2/steal", "http://api:1/x/v2/@thief:2/steal")]
    [InlineData("http://api:1", "@thief:2/steal", "http://api:1/@thief:2/steal")]
    [InlineData("http://api:1", ".thief/steal", "http://api:1/.thief/steal")]
    [InlineData("http://api:1", "//thief:2/steal", "http://api:1/steal")]
    public void Links_keep_our_origin_and_prefix(string endpoint, string link, string expected) =>
        Assert.Equal(expected, Paging.Resolve(new Uri(endpoint), link).AbsoluteUri);

    [Theory]
    [InlineData("""{"images":null}"""), InlineData("{}"), InlineData("[]"), InlineData("""{"images":{}}""")]
    [InlineData("""{"images":[],"images_links":[{"rel":"next"}]}"""), InlineData("""{"images":[],"images_links":["x"]}""")]
    [InlineData("""{"images":[],"links":{"next":7}}"""), InlineData("<html></html>"), InlineData("")]
    public async Task Invalid_page_is_reported_as_malformed(string page)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/image/v2/images", page);

        var error = await Assert.ThrowsAsync<MalformedAnswerException>(
            () => client.Images.ListImagesAsync(cancellationToken: Ct).ToListAsync(Ct).AsTask());

        Assert.Equal(ServiceType.Image, error.Service);
    }

    [Theory]
    [InlineData(""), InlineData("{}"), InlineData("[]"), InlineData("""{"image_id":null}""")]
    public async Task Image_of_a_server_without_an_id_is_reported_as_malformed(string body)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("POST", "/compute/v2.1/servers/s/action", body, 202);

        await Assert.ThrowsAsync<MalformedAnswerException>(() => client.Compute.CreateImageAsync("s", "copy", Ct));
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("not set"), InlineData("http://$(network_host)s:9696")]
    [InlineData("ftp://x/y"), InlineData("/relative")]
    public void Invalid_catalog_address_is_reported_with_the_setting_that_replaces_it(string? url)
    {
        var catalog = new ServiceCatalog(
            [new CatalogService { Type = "network", Endpoints = [new CatalogEndpoint { Interface = "public", Url = url! }] }]);

        var error = Assert.Throws<EndpointNotFoundException>(() => catalog.Find(ServiceType.Network, ["public"], null));

        Assert.Contains("network_endpoint_override", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_JSON_is_reported()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        cloud.Answer("GET", "/compute/v2.1/flavors/1", """{"flavor":{"id":""");
        cloud.Answer("GET", "/compute/v2.1/flavors/2", """{"flavors":[]}""");
        cloud.Answer("GET", "/compute/v2.1/flavors/3", """{"flavor":{"id":"3"}}""");

        foreach (var id in new[] { "1", "2", "3" })
        {
            Assert.Equal(ServiceType.Compute, (
                await Assert.ThrowsAsync<MalformedAnswerException>(() => client.Compute.GetFlavorAsync(id, Ct))).Service);
        }
    }

    [Theory]
    [InlineData("2.93", "2.90"), InlineData("2.60", "2.60"), InlineData("2.9", "2.9")]
    public async Task Microversion_is_the_highest_that_both_sides_support(string server, string expected)
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Compute.MaxMicroversion = server;
        await using var client = cloud.Client();

        await client.Compute.ListServersAsync(cancellationToken: Ct).ToListAsync(Ct);

        var request = Assert.Single(cloud.Seen("GET", "/servers/detail"));
        Assert.Equal("compute " + expected, request.Headers["OpenStack-API-Version"].ToString());
        Assert.Equal(expected, request.Headers["X-OpenStack-Nova-API-Version"].ToString());
    }

    [Fact]
    public async Task Missing_service_lists_the_existing_ones()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with { RegionName = "Two" });

        var error = await Assert.ThrowsAsync<EndpointNotFoundException>(() => client.Compute.GetFlavorAsync("1", Ct));

        Assert.Contains("there is no region 'Two', only: One", error.Message, StringComparison.Ordinal);
        Assert.Contains("compute public One", error.Available);
    }

    [Fact]
    public async Task Login_distinguishes_a_rejected_credential_from_an_unreachable_Keystone()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        cloud.Identity.Credentials.Add(new("a1", "u1", "p1", "worker", null, "secret-of-a1"));
        var credential = new ApplicationCredential { Id = "a1", Secret = "secret-of-a1" };
        var config = cloud.Config with { Credential = credential, Scope = AuthScope.None };

        await using (var client = cloud.Client(config))
        {
            Assert.Equal("p1", (await client.Session.GetTokenAsync(Ct)).Project?.Id);
        }
        cloud.Identity.Credentials[0] = cloud.Identity.Credentials[0] with { Secret = "another" };
        await using (var client = cloud.Client(config))
        {
            await Assert.ThrowsAsync<UnauthorizedException>(() => client.Session.GetTokenAsync(Ct));
        }
        cloud.Inject("POST", "/auth/tokens", Fault.Status(503), times: 5);
        await using (var client = cloud.Client(config))
        {
            var error = await Assert.ThrowsAsync<OpenStackApiException>(() => client.Session.GetTokenAsync(Ct));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, error.Status);
        }
        cloud.Inject("POST", "/auth/tokens", Fault.Broken, times: 5);
        await using (var client = cloud.Client(config))
        {
            await Assert.ThrowsAsync<NoAnswerException>(() => client.Session.GetTokenAsync(Ct));
        }
    }

    [Fact]
    public async Task Cancelling_one_caller_does_not_cancel_the_login_of_others()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var entered = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        cloud.Inject("POST", "/auth/tokens", async (_, work) =>
        {
            entered.SetResult();
            await goOn.Task;
            await work();
        });
        using var impatient = new CancellationTokenSource();
        var first = client.Session.GetTokenAsync(impatient.Token);
        var second = client.Session.GetTokenAsync(Ct);
        await entered.Task;

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        goOn.SetResult();

        Assert.Equal("demo", (await second).User?.Name);
        Assert.Equal(1, cloud.Logins);
    }

    [Fact]
    public async Task ToString_shows_no_secret()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client();
        var token = await client.Session.GetTokenAsync(Ct);
        cloud.Inject("GET", "/flavors/1", Fault.Status(400, "x"));
        var error = await Assert.ThrowsAsync<OpenStackApiException>(() => client.Compute.GetFlavorAsync("1", Ct));
        var server = await client.Compute.CreateServerAsync(
            new("s", "i", "f") { UserData = Faafo.OpenStack.Compute.UserData.Script("#!/bin/sh\nsecret-in-script") }, Ct);
        var report = await client.DiagnoseAsync(Ct);

        var printed = string.Join('\n', token, error, client.Session.Config, server, report);

        Assert.Equal("adm1n-pass", server.AdminPassword);
        Assert.DoesNotContain(token.Id, printed, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeOpenStack.Password, printed, StringComparison.Ordinal);
        Assert.DoesNotContain("adm1n-pass", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "sig1", ApiError.Mask("http://x/y?temp_url_sig=sig1&temp_url_expires=2&Signature=sig1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, """{"itemNotFound":{"code":404,"message":"Gone."}}""", "NotFoundException", "itemNotFound", "Gone.")]
    [InlineData(409, """{"NeutronError":{"type":"SecurityGroupInUse","message":"In use.","detail":""}}""",
        "ConflictException", "SecurityGroupInUse", "In use.")]
    [InlineData(409, """{"NeutronError":{"type":"OverQuota","message":"Quota exceeded for resources: ['floatingip'].","detail":""}}""",
        "QuotaExceededException", "OverQuota", "Quota exceeded for resources: ['floatingip'].")]
    [InlineData(403, """
        {"forbidden":{"code":403,"message":"Quota exceeded for instances: Requested 1, but already used 10 of 10 instances"}}
        """,
        "QuotaExceededException", "forbidden", "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances")]
    [InlineData(403, """{"forbidden":{"code":403,"message":"Policy doesn't allow it"}}""",
        "OpenStackApiException", "forbidden", "Policy doesn't allow it")]
    [InlineData(413, """{"overLimit":{"code":413,"message":"VolumeLimitExceeded"}}""",
        "QuotaExceededException", "overLimit", "VolumeLimitExceeded")]
    [InlineData(404, """
        {"code":404,"error":{"message":"The Stack (x) could not be found.","traceback":null,"type":"EntityNotFound"},
        "explanation":"No resource.","title":"Not Found"}
        """,
        "NotFoundException", "EntityNotFound", "The Stack (x) could not be found.")]
    [InlineData(409, """{"faultcode":"Client","faultstring":"Load Balancer x is immutable","debuginfo":null}""",
        "ConflictException", "Client", "Load Balancer x is immutable")]
    [InlineData(400, """{"errors":[{"status":400,"title":"Bad Request","detail":"Wrong."}]}""",
        "OpenStackApiException", "Bad Request", "Wrong.")]
    [InlineData(400, "<html><head><title>400 Bad Request</title></head><body><h1>400</h1>Name &amp; shame<br/></body></html>",
        "OpenStackApiException", null, "400 Name & shame")]
    [InlineData(400, "plain words", "OpenStackApiException", null, "plain words")]
    public void Error_of_every_format_is_parsed(int status, string body, string kind, string? type, string detail)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = new(HttpMethod.Get, "http://x/y") };
        response.Headers.TryAddWithoutValidation("X-Compute-Request-Id", "req-7");

        var error = ApiError.Parse(response, ServiceType.Compute, body, TimeProvider.System).ToException();

        Assert.Equal((kind, type, detail, "req-7"), (error.GetType().Name, error.ErrorType, error.Detail, error.RequestId));
    }

    [Fact]
    public async Task Diagnosis_reports_services_and_problems()
    {
        await using var cloud = await FakeOpenStack.StartAsync();
        await using var client = cloud.Client(cloud.Config with { RegionName = "Nowhere" });

        var report = await client.DiagnoseAsync(Ct);

        Assert.Equal(("demo", "project demo"), (report.User, report.Scope));
        Assert.Contains(report.Problems, problem => problem.Contains("no region 'Nowhere'", StringComparison.Ordinal));
        Assert.Contains("PROBLEM:", report.ToString(), StringComparison.Ordinal);

        await using var good = cloud.Client();
        var compute = (await good.DiagnoseAsync(Ct)).Services.Single(service => service.Type == "compute");
        Assert.Equal(("2.90", null), (compute.Microversion, compute.Problem));
    }
}
