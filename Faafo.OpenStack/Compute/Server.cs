using System.Text;
using System.Text.Json.Serialization;

namespace Faafo.OpenStack.Compute;

/// <summary>A server in the state in which it was read.</summary>
public sealed record Server : ServiceResource
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>Free text (from microversion 2.19 on).</summary>
    public string? Description { get; init; }

    /// <summary>The status.</summary>
    public required ServerStatus Status { get; init; }

    /// <summary>When its creation was requested.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Its size. From microversion 2.47 on it has the flavor's name and figures but not its id.</summary>
    public ServerFlavor? Flavor { get; init; }

    /// <summary>The image it was created from; <c>null</c> if it boots from a volume.</summary>
    [JsonConverter(typeof(ServerImageConverter))]
    public ServerImage? Image { get; init; }

    /// <summary>The name of the key pair.</summary>
    public string? KeyName { get; init; }

    /// <summary>
    /// The addresses by network. Do not rely on the networks' names: see <see cref="FixedAddresses"/> and <see cref="FloatingAddresses"/>.
    /// </summary>
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

    /// <summary>The task in progress, such as <c>spawning</c> or <c>deleting</c>; <c>null</c> if there is none.</summary>
    [JsonPropertyName("OS-EXT-STS:task_state")]
    public string? TaskState { get; init; }

    /// <summary>Whether it is locked against changes (from microversion 2.9 on).</summary>
    [JsonPropertyName("locked"), JsonConverter(typeof(NullAsFalseConverter))]
    public bool IsLocked { get; init; }

    /// <summary>The reason of the lock (from microversion 2.73 on).</summary>
    public string? LockedReason { get; init; }

    /// <summary>The availability zone.</summary>
    [JsonPropertyName("OS-EXT-AZ:availability_zone")]
    public string? AvailabilityZone { get; init; }

    /// <summary>The attached volumes.</summary>
    [JsonPropertyName("os-extended-volumes:volumes_attached")]
    public IReadOnlyList<AttachedVolume> Volumes { get => field ?? []; init; }

    /// <summary>The project it belongs to.</summary>
    [JsonPropertyName("tenant_id")]
    public string? ProjectId { get; init; }

    /// <summary>The user who created it.</summary>
    public string? UserId { get; init; }

    /// <summary>The reason why it is in ERROR.</summary>
    public ServerFault? Fault { get; init; }

    /// <summary>The administrator's password, only in the reply that created the server: a secret.</summary>
    [JsonIgnore]
    public string? AdminPassword { get; init; }

    /// <summary>The addresses in its own networks.</summary>
    [JsonIgnore]
    public IEnumerable<string> FixedAddresses => AddressesOfType(AddressType.Fixed);

    /// <summary>The floating addresses, reachable from outside.</summary>
    [JsonIgnore]
    public IEnumerable<string> FloatingAddresses => AddressesOfType(AddressType.Floating);

    internal ComputeService? Service { get; init; }

    private IEnumerable<string> AddressesOfType(AddressType type) =>
        Addresses.Values.SelectMany(list => list).Where(address => address.Type == type).Select(address => address.Address);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Id = {Id}, Name = {Name}, Status = {Status}, TaskState = {TaskState}, Tags = [{string.Join(", ", Tags)}]");
        return true;
    }
}
