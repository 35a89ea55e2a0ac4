namespace Faafo.Scaler.Control;

/// <summary>An error of an instance provider, with its kind kept up to the control loop.</summary>
/// <param name="kind">The kind of the error.</param>
/// <param name="message">What failed and why, for people.</param>
/// <param name="inner">The provider's own exception.</param>
internal sealed class ProviderException(ProviderErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of the error.</summary>
    public ProviderErrorKind Kind { get; } = kind;
}
