using Faafo.OpenStack;
using Faafo.Options;
using Faafo.Scaler.Control;

namespace Faafo.Scaler.Commands;

/// <summary>Turns the errors of clouds and providers into those that a program ends with: one line, exit code 1 or 2.</summary>
internal static class ErrorTranslation
{
    /// <summary>Runs a command's work.</summary>
    /// <exception cref="UsageException">clouds.yaml is invalid.</exception>
    /// <exception cref="FailureException">The cloud or the provider failed.</exception>
    public static async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (CloudConfigException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is OpenStackException or ProviderException)
        {
            throw new FailureException(e.Message, e);
        }
    }
}
