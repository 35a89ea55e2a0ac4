namespace Faafo.Scaler.Control;

/// <summary>The kind of a provider's error, which decides what the control loop does next.</summary>
internal enum ProviderErrorKind
{
    /// <summary>None of the others: the provider rejected the request for another reason.</summary>
    Rejected,

    /// <summary>The project's quota or the provider's capacity is used up.</summary>
    Quota,

    /// <summary>The resource is in use or in a state that does not allow the request; a later attempt may succeed.</summary>
    Conflict,

    /// <summary>The login is not allowed to do this.</summary>
    Forbidden,

    /// <summary>The resource does not exist.</summary>
    NotFound,

    /// <summary>The provider did not answer, or answered that it cannot serve the request at the moment.</summary>
    Transient,
}
