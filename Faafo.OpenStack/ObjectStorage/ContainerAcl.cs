namespace Faafo.OpenStack.ObjectStorage;

/// <summary>Values of access control lists; several are joined by a comma.</summary>
public static class ContainerAcl
{
    /// <summary>Anyone may read objects whose names they know, without a login.</summary>
    public const string PublicRead = ".r:*";

    /// <summary>Anyone may list the container and read its objects, without a login.</summary>
    public const string PublicReadAndList = ".r:*,.rlistings";

    /// <summary>Admits users of a project.</summary>
    /// <param name="projectId">The id of the project.</param>
    /// <param name="userId">The id of the user; <c>null</c> for all users of the project.</param>
    public static string Project(string projectId, string? userId = null) => $"{projectId}:{userId ?? "*"}";
}
