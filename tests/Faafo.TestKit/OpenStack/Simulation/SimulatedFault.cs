namespace Faafo.TestKit.OpenStack.Simulation;

/// <summary>What can happen to a call.</summary>
public enum SimulatedFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No connection.</summary>
    Refused,

    /// <summary>The service does not respond, and has not seen the request.</summary>
    Timeout,

    /// <summary>The service does what it was asked for, but the response is lost.</summary>
    LostReply,

    /// <summary>The response breaks off in its body.</summary>
    CutBody,

    /// <summary>From here on the service responds with an error and does nothing; this one is not used.</summary>
    Status,

    /// <summary>401: the token is no longer valid.</summary>
    Unauthorized,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>429 with Retry-After.</summary>
    TooMany,

    /// <summary>500.</summary>
    Internal,

    /// <summary>503 of a proxy.</summary>
    Unavailable,
}
