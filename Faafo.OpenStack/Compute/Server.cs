using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A server, as it was when it was read.</summary>
public sealed record Server
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>BUILD, ACTIVE, ERROR, SHUTOFF, DELETED and others.</summary>
    public required string Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Its size. From microversion 2.47 on the flavor's name and figures come without its id.</summary>
    public ServerFlavor? Flavor { get; init; }

    /// <summary>The image it was made from; <c>null</c> when it boots from a volume.</summary>
    [JsonConverter(typeof(ServerImageConverter))]
    public ServerImage? Image { get; init; }

    /// <summary>The key pair.</summary>
    public string? KeyName { get; init; }

    /// <summary>The addresses by network. Do not rely on the networks' names: see <see cref="FixedAddresses"/> and <see cref="FloatingAddresses"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ServerAddress>> Addresses
    {
        get => field ?? new Dictionary<string, IReadOnlyList<ServerAddress>>();
        init;
    }

    /// <summary>The metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The tags (from microversion 2.26 on).</summary>
    public IReadOnlyList<string> Tags { get => field ?? []; init; }

    /// <summary>The security groups; a server with several ports lists a group several times.</summary>
    public IReadOnlyList<ServerSecurityGroup> SecurityGroups { get => field ?? []; init; }

    /// <summary>What Nova is doing with it, such as <c>spawning</c> or <c>deleting</c>; <c>null</c> for nothing.</summary>
    [JsonPropertyName("OS-EXT-STS:task_state")]
    public string? TaskState { get; init; }

    /// <summary>The zone it runs in.</summary>
    [JsonPropertyName("OS-EXT-AZ:availability_zone")]
    public string? AvailabilityZone { get; init; }

    /// <summary>The attached volumes.</summary>
    [JsonPropertyName("os-extended-volumes:volumes_attached")]
    public IReadOnlyList<AttachedVolume> Volumes { get => field ?? []; init; }

    /// <summary>The project it belongs to.</summary>
    [JsonPropertyName("tenant_id")]
    public string? ProjectId { get; init; }

    /// <summary>Why it is in ERROR.</summary>
    public ServerFault? Fault { get; init; }

    /// <summary>The administrator's password, known only to the reply that created the server: a secret.</summary>
    [JsonIgnore]
    public string? AdminPassword { get; init; }

    /// <summary>The addresses in its own networks.</summary>
    [JsonIgnore]
    public IEnumerable<string> FixedAddresses => AddressesOfType("fixed");

    /// <summary>The floating addresses, reachable from outside.</summary>
    [JsonIgnore]
    public IEnumerable<string> FloatingAddresses => AddressesOfType("floating");

    internal ComputeService? Service { get; init; }

    private IEnumerable<string> AddressesOfType(string type) =>
        Addresses.Values.SelectMany(list => list).Where(address => address.Type == type).Select(address => address.Address);

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}, Name = {Name}, Status = {Status}, TaskState = {TaskState}, Tags = [{string.Join(", ", Tags)}]");
        return true;
    }
}

/// <summary>The size of a server.</summary>
public sealed record ServerFlavor
{
    /// <summary>The flavor's id, before microversion 2.47.</summary>
    public string? Id { get; init; }

    /// <summary>The flavor's name when the server was made, from microversion 2.47 on.</summary>
    public string? OriginalName { get; init; }

    /// <summary>The number of virtual processors.</summary>
    public int Vcpus { get; init; }

    /// <summary>The memory in MiB.</summary>
    public int Ram { get; init; }

    /// <summary>The root disk in GiB.</summary>
    public int Disk { get; init; }
}

/// <summary>The image of a server.</summary>
/// <param name="Id">The image's id.</param>
public sealed record ServerImage(string Id);

/// <summary>A security group of a server.</summary>
/// <param name="Name">The group's name.</param>
public sealed record ServerSecurityGroup(string Name);

/// <summary>A volume of a server.</summary>
/// <param name="Id">The volume's id.</param>
public sealed record AttachedVolume(string Id);

/// <summary>An address of a server.</summary>
public sealed record ServerAddress
{
    /// <summary>The address.</summary>
    [JsonPropertyName("addr")]
    public required string Address { get; init; }

    /// <summary>4 or 6.</summary>
    public int Version { get; init; }

    /// <summary><c>fixed</c> or <c>floating</c>.</summary>
    [JsonPropertyName("OS-EXT-IPS:type")]
    public string? Type { get; init; }

    /// <summary>The MAC address of the port.</summary>
    [JsonPropertyName("OS-EXT-IPS-MAC:mac_addr")]
    public string? MacAddress { get; init; }
}

/// <summary>Why a server failed.</summary>
public sealed record ServerFault
{
    /// <summary>A status in the manner of HTTP.</summary>
    public int Code { get; init; }

    /// <summary>The reason in short.</summary>
    public string Message { get => field ?? ""; init; }

    /// <summary>More, for administrators only.</summary>
    public string? Details { get; init; }
}

/// <summary>Nova writes an empty text for "no image".</summary>
internal sealed class ServerImageConverter : JsonConverter<ServerImage?>
{
    public override ServerImage? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                ? new ServerImage(id.GetString()!)
                : null;
        }

        return null;
    }

    public override void Write(Utf8JsonWriter writer, ServerImage? value, JsonSerializerOptions options) => writer.WriteStringValue(value?.Id ?? "");
}
