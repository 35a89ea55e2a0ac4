using Faafo.Options;
using Faafo.Scaler.Control;
using Faafo.Scaler.OpenStack.CloudInit;
using Faafo.Scaler.Spec;

namespace Faafo.Scaler.OpenStack.Plan;

/// <summary>
/// Writes the user data of each group before anything is created: what flock.yaml contributes is known, and the rest is taken as long as
/// clouds write it. The length does not depend on the number of instances.
/// </summary>
internal static class UserDataCheck
{
    private const string Address = "255.255.255.255";
    private const int PasswordLength = 32;
    private const int LoginLength = 128;
    private const int UrlLength = 512;
    private const int RegionLength = 64;
    private const int ShaDigits = 64;

    /// <summary>Checks that the user data of all groups can be written and are not too long.</summary>
    /// <exception cref="FailureException">They are too long, or a value of flock.yaml cannot be part of them.</exception>
    public static void Check(FlockSpec flock)
    {
        var password = new string('p', PasswordLength);
        var login = new ApplicationLogin(new string('i', LoginLength), new string('s', LoginLength));
        var url = new Uri($"http://{Address}/{new string('u', UrlLength)}");
        var settings = new InstanceSettings(flock, new FlockSecrets(password, password, password, login), url,
            new string('r', RegionLength), new Uri($"http://{Address}/"), Address,
            [.. Enumerable.Repeat(Address, Math.Min(flock.Apis.Policy.Min, InstanceSetup.FirstServers))]);
        var bundle = flock.Bundle ?? new BundleSource(url, new string('0', ShaDigits));
        var setup = new InstanceSetup(settings);
        foreach (var group in flock.AllGroups)
        {
            setup.Write(group, InstanceName.Of(group.Name, group.Policy.Max), Address, bundle);
        }
    }
}
