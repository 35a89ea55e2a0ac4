using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Faafo.Queueing;

/// <summary>Translates the errors of the RabbitMQ client for one broker into <see cref="QueueUnavailableException"/>.</summary>
internal sealed class RabbitMqErrors(Uri uri)
{
    private volatile string? _certificateFault;

    private string Address
    {
        get
        {
            var defaultPort = uri.Scheme == "amqps" ? 5671 : 5672;
            return $"{uri.Host}:{(uri.Port > 0 ? uri.Port : defaultPort)}";
        }
    }

    /// <summary>Why the broker's certificate was rejected at the last attempt to connect; null if it was not.</summary>
    public string? CertificateFault
    {
        get => _certificateFault;
        set => _certificateFault = value;
    }

    /// <summary>Describes what is wrong with a certificate; null if nothing is.</summary>
    public static string? Describe(SslPolicyErrors errors, X509Chain? chain)
    {
        var faults = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            faults.Add("it presents no certificate");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            faults.Add("its certificate is for another host");
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var statuses = chain?.ChainStatus.Select(status => status.Status.ToString()).Distinct().ToArray() ?? [];
            faults.Add($"its certificate is not trusted ({string.Join(", ", statuses)}); SSL_CERT_FILE can name its authority");
        }
        return faults.Count == 0 ? null : string.Join("; ", faults);
    }

    /// <summary>Runs an action and translates its errors.</summary>
    public Task TranslateAsync(Func<Task> action, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        await action();
        return true;
    }, cancellationToken);

    /// <summary>Runs an action and translates its errors.</summary>
    public async Task<T> TranslateAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            throw new QueueUnavailableException(
                $"the broker has a queue or exchange with another declaration ({e.ShutdownReason.ReplyText}): "
                + "use the other --queue-type, or delete it on the broker", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The client cancels when the broker does not respond in time, for instance for a quorum queue without a leader.
            throw new QueueUnavailableException($"RabbitMQ at {Address}: no response", e);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or ObjectDisposedException or SocketException
            or TimeoutException)
        {
            // The client's message may contain the URL with the password; host and port are enough.
            throw new QueueUnavailableException($"RabbitMQ at {Address}: {Reason(e)}", e);
        }
    }

    private string Reason(Exception e) => e switch
    {
        BrokerUnreachableException when CertificateFault is { } fault => fault,
        PublishException { IsReturn: true } => "returned the message as undeliverable",
        PublishException => "did not confirm the message",
        AuthenticationFailureException => "rejected the user name or password",
        BrokerUnreachableException { InnerException: AuthenticationFailureException } => "rejected the user name or password",
        BrokerUnreachableException => "unreachable",
        _ => e.Message,
    };
}
