using YamlDotNet.RepresentationModel;

namespace Faafo.Scaler.Spec;

internal sealed partial class YamlFields
{
    /// <summary>
    /// A text, or a reference to a secret that is kept outside of the file: <c>{env: NAME}</c> or <c>{file: PATH}</c>.
    /// </summary>
    public string Secret(YamlNode node, string field)
    {
        if (node is not YamlMappingNode)
        {
            return Text(node, field);
        }
        string? secret = null;
        foreach (var (name, value) in Entries(node, field, "env", "file"))
        {
            secret = name == "env" ? FromEnvironment(value, field) : FromFile(value, field);
        }
        return secret ?? throw Error(node.Start, $"{field} must have env or file");
    }

    private string FromEnvironment(YamlNode node, string field)
    {
        var name = Text(node, "env");
        var value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(value) ? throw Error(node.Start, $"{field}: the environment variable {name} is not set") : value;
    }

    private string FromFile(YamlNode node, string field)
    {
        var file = FilePath(node, "file");
        try
        {
            var content = File.ReadAllText(file).Trim();
            return content.Length > 0 ? content : throw Error(node.Start, $"{field}: the file {file} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error(node.Start, $"{field}: {e.Message}");
        }
    }
}
