using CsCheck;
using Faafo.TestKit.OpenStack;

namespace Faafo.Tests.OpenStack.Ownership;

/// <summary>How a cloud behaves while resources are removed: faults, rights, versions, and filters that are ignored.</summary>
/// <param name="Faults">The faults.</param>
/// <param name="IsAdmin">Whether the login is an administrator's, whose lists show all projects.</param>
/// <param name="MaxMicroversion">The highest microversion of Nova.</param>
/// <param name="IgnoresFilters">Whether lists ignore all filters.</param>
/// <param name="HidesVersions">Whether Nova's version document needs a token.</param>
public sealed record CloudWeather(
    CloudFault[] Faults, bool IsAdmin, string MaxMicroversion, bool IgnoresFilters, bool HidesVersions)
{
    private static readonly Gen<CloudFault> Negotiation = Gen.Select(
        Gen.OneOf(CloudFault.Negotiations), Gen.OneOf([.. CloudFault.Kinds, "404", "404"]), Gen.Int[1, 12],
        (path, kind, times) => new CloudFault(path == "/auth/tokens" ? "POST" : "GET", path, kind, times));

    private static readonly Gen<CloudFault> Listing = Gen.Select(
        Gen.OneOf(CloudFault.Lists), Gen.OneOf(CloudFault.Kinds), Gen.Int[1, 12],
        (path, kind, times) => new CloudFault("GET", path, kind, times));

    /// <summary>Generates a weather; fine weather is as likely as bad.</summary>
    public static Gen<CloudWeather> Any { get; } = Gen.Select(
        Gen.Select(Negotiation.Array[0, 1], Listing.Array[0, 3], (first, second) => (CloudFault[])[.. first, .. second]),
        Gen.Bool, Gen.OneOf("2.93", "2.93", "2.93", "2.52", "2.26", "2.25", "2.10", "2.1"), Gen.Bool, Gen.Bool,
        (faults, admin, version, ignores, hides) => new CloudWeather(faults, admin, version, ignores, hides));

    /// <summary>Makes a cloud behave so.</summary>
    public void Over(FakeOpenStack cloud)
    {
        cloud.IsAdmin = IsAdmin;
        cloud.HidesVersionsFromStrangers = HidesVersions;
        cloud.Compute.MaxMicroversion = MaxMicroversion;
        cloud.Compute.IgnoresFilters = IgnoresFilters;
        cloud.Network.IgnoresFilters = IgnoresFilters;
        cloud.Volumes.IgnoresFilters = IgnoresFilters;
        cloud.Balancers.AllowsFiltering = !IgnoresFilters;
        foreach (var fault in Faults)
        {
            fault.Into(cloud);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"admin={IsAdmin} max={MaxMicroversion} ignores-filters={IgnoresFilters} "
        + $"hides-versions={HidesVersions} faults=[{string.Join("; ", Faults.Select(fault => fault.ToString()))}]";
}
