using Faafo.OpenStack;
using Faafo.OpenStack.Networking;

namespace Faafo.Scaler.OpenStack.Provision;

/// <summary>A floating IP that the project had before the flock: it is given back, not deleted.</summary>
internal static class ReusedAddress
{
    /// <summary>
    /// Detaches an address from the port that it was found at. The project may have released it meanwhile, or given it to something else.
    /// </summary>
    public static async Task DetachAsync(OpenStackClient cloud, FloatingIP address, CancellationToken cancellationToken)
    {
        try
        {
            var now = await cloud.Networking.GetFloatingIPAsync(address.Id, cancellationToken);
            if (now.PortId is not null && now.PortId == address.PortId)
            {
                await cloud.Networking.DetachFloatingIPAsync(address.Id, cancellationToken);
            }
        }
        catch (NotFoundException)
        {
            // Released meanwhile.
        }
    }
}
