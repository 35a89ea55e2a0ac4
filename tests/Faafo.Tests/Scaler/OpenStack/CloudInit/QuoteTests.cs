using System.Diagnostics;
using CsCheck;
using Faafo.Options;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.Spec;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Faafo.Tests.Scaler.OpenStack.CloudInit;

/// <summary>Each function that quotes, against a reader of its language: the text is the same again, or it is rejected.</summary>
public sealed class QuoteTests
{
    private static readonly string[] Texts =
    [
        "", " ", "plain", "-x", "~", "null", "a b", "'", "\"", "''", "a'b", "a\"b", "$", "$HOME", "${HOME}", "$(id)", "`id`", "%", "%n",
        "%%", "%{x}", "{", "}", "{{node}}", "[a]",
        "\\", "\\n", "a\\", "\\\\", "\\\"", "#", "a #b", " #", ": ", "a: b", "- a", "&a", "*a", "!a",
        "|", ">", "@", ";", "; rm", "&&", "<", "*", "?", "!", "\n", "a\nb", "\na", "a\n", "\r", "a\rb", "\r\n", "\t", "\a", "\u001b[0m",
        "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "é", "日本", "😀", "\0", "a\0b", "\ud83d", "amqp://u:p%40$w'\"\\@h:5672/%2f?x=1#y",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Samples => [.. Texts];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Yaml(string text) => Check(text, Quote.Yaml, ReadYaml, IsText);

    [Theory]
    [MemberData(nameof(Samples))]
    public void EnvironmentFile(string text) => Check(
        text, Quote.EnvironmentValue, quoted => SystemdReader.ReadEnvironment($"A=\"1\"\nB={quoted}\nC=\"2\"\n")["B"],
        one => IsText(one) && !one.Any(char.IsControl));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Unit(string text) => Check(
        text, Quote.UnitArgument, quoted => SystemdReader.ReadCommand($"/bin/program --a {quoted} --b") is [_, _, var word, "--b"]
            ? word : throw new FormatException("other words"), IsText);

    [Theory]
    [MemberData(nameof(Samples))]
    public void HAProxy(string text) => Check(
        text, Quote.HAProxy, quoted => HAProxyReader.ReadLine($"    server {quoted} 10.0.0.1:80") is ["server", var word, "10.0.0.1:80"]
            ? word : throw new FormatException("other words"), IsText);

    [Fact]
    public async Task Shell_gets_the_same_words()
    {
        var texts = Texts.Where(IsText).ToArray();
        foreach (var rejected in Texts.Except(texts))
        {
            Assert.Throws<FormatException>(() => Quote.Shell(rejected));
        }

        // One shell for all: each word ends with a NUL, which no word contains.
        Assert.Equal(texts, await RunAsync($"printf '%s\\0' {string.Join(' ', texts.Select(Quote.Shell))}"));
    }

    [Fact]
    public void Any_text() => Gen.String[Gen.Char[" a'\"$%{}\\#\n\r\0\t`;é\u0085\u2028"], 0, 12].Sample(text =>
    {
        Yaml(text);
        EnvironmentFile(text);
        Unit(text);
        HAProxy(text);
    }, iter: 2_000, threads: 1);

    // From flock.yaml through user data to the programs: cloud-init, /bin/sh and systemd get the value as it was written, or none.
    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Value_of_flock_yaml_reaches_the_instance_unchanged_or_is_rejected(string text)
    {
        var flock = FlockSpec.Of("fake") with { TransportUrl = $"amqp://{text}", DatabaseUrl = "postgresql://d/f" };
        var bundle = new BundleSource(Address($"http://b/{text}"), text);
        Dictionary<string, string> files;
        try
        {
            files = FilesOf(new InstanceSetup(Settings(flock)).Write(flock.Workers, "app-worker-1", null, bundle));
        }
        catch (FailureException e)
        {
            Assert.Contains(text, one => char.IsControl(one) || char.IsSurrogate(one) || one is '\u2028' or '\ufeff' or '\ufffd');
            Assert.DoesNotContain($"amqp://{text}", e.Message, StringComparison.Ordinal);
            return;
        }

        var environment = SystemdReader.ReadEnvironment(files["/etc/faafo/faafo.env"]);
        Assert.Equal($"amqp://{text}", environment["FAAFO_TRANSPORT_URL"]);
        Assert.Equal(8, environment.Count);
        const string stubs = """
            id() { :; }
            mktemp() { echo /w; }
            curl() { eval u=\$$#; }
            sha256sum() { cat; printf '\0%s\0' "$u"; exit 1; }
            mkdir() { exit 1; }

            """;
        Assert.Equal([$"{text}  /w/bundle\n", bundle.Url.AbsoluteUri], await RunAsync(stubs + files["/usr/local/sbin/faafo-setup"]));
    }

    private static InstanceSettings Settings(FlockSpec flock) => new(
        flock, new FlockSecrets("d", "q", "t", new ApplicationLogin("i", "s")), new Uri("http://keystone.test/v3"), "One",
        new Uri("http://10.0.0.1/"), null, []);

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : new Uri("http://b/x'y");

    private static bool IsText(string text) =>
        !text.Contains('\0', StringComparison.Ordinal) && Enumerable.Range(0, text.Length).All(i =>
            !char.IsSurrogate(text, i) || char.IsSurrogatePair(text, i) || (i > 0 && char.IsSurrogatePair(text, i - 1)));

    private static void Check(string text, Func<string, string> quote, Func<string, string> read, Func<string, bool> canHold)
    {
        if (canHold(text))
        {
            Assert.Equal(text, read(quote(text)));
            return;
        }
        Assert.Throws<FormatException>(() => quote(text));
    }

    private static string ReadYaml(string quoted)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader($"# {quoted} in a comment\na: {quoted}\nb: 1\n"));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        Assert.Equal(2, root.Children.Count);
        return ((YamlScalarNode)root["a"]).Value!;
    }

    private static Dictionary<string, string> FilesOf(string userData)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(userData));
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["write_files"]).ToDictionary(
            file => ((YamlScalarNode)file["path"]).Value!, file => ((YamlScalarNode)file["content"]).Value!);
    }

    private static async Task<string[]> RunAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync(Ct);
        await shell.WaitForExitAsync(Ct);
        return output.Split('\0')[..^1];
    }
}
