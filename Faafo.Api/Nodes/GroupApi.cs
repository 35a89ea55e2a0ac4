using Faafo.Api.Http;
using Faafo.Fractals;
using Faafo.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Faafo.Api.Nodes;

/// <summary>/v1/groups: operators' overrides, which the scaler reads.</summary>
internal static class GroupApi
{
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1/groups").WithTags("groups").WithMetadata(new RequestSizeLimitAttribute(64 << 10));
        groups.MapGet("", ListAsync).WithSummary("Lists the operators' overrides of all groups");
        groups.MapPut("{name}", PutAsync).WithSummary("Sets the overrides of a group; with a version only if it is the current one")
            .Accepts<GroupOverrides>("application/json").Produces<Problem>(400).Produces<Problem>(409);
    }

    private static async Task<Ok<IReadOnlyList<GroupOverrides>>> ListAsync(GroupRegistry groups, CancellationToken cancellationToken) =>
        TypedResults.Ok(await groups.ListAsync(cancellationToken));

    private static async Task<Results<Ok<GroupOverrides>, JsonHttpResult<Problem>>> PutAsync(
        string name, HttpRequest request, GroupRegistry groups, CancellationToken cancellationToken)
    {
        var (overrides, rejection) =
            await JsonBody.ReadAsync(request, FaafoJson.Default.GroupOverrides, "the overrides of a group", cancellationToken);
        if (overrides is null)
        {
            return rejection!;
        }
        FieldError[] errors = [.. Check(name, overrides)];
        if (errors.Length > 0)
        {
            return Problems.Rejected(errors);
        }
        var version = await groups.SetAsync(overrides, cancellationToken);
        return version is null
            ? Problems.Of(409, $"the overrides of group {name} no longer have version {overrides.Version}: read them again",
                Problem.OverridesChanged, name)
            : TypedResults.Ok(overrides with { Version = version });
    }

    private static IEnumerable<FieldError> Check(string name, GroupOverrides overrides)
    {
        if (name.Length > NodeReport.LongestName || name != overrides.Group)
        {
            yield return FieldError.Of("group", overrides.Group, $"the name in the path, at most {NodeReport.LongestName} characters");
        }
        if (overrides.Size < 0)
        {
            yield return FieldError.Of("size", $"{overrides.Size}", "0 or more, or null");
        }
        if (overrides.Version < 0)
        {
            yield return FieldError.Of("version", $"{overrides.Version}", "0 or more, or null");
        }
        string[] invalid = [.. (overrides.Replace ?? []).Where(id => !IsId(id))];
        if (invalid.Length > 0)
        {
            yield return FieldError.Of("replace", string.Join(", ", invalid.Select(id => $"'{id}'")),
                $"ids of 1 to {NodeReport.LongestName} characters without blanks");
        }
    }

    // PostgreSQL rejects the character U+0000, and the ids are stored as one text separated by blanks.
    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= NodeReport.LongestName } && !id.Any(one => char.IsWhiteSpace(one) || char.IsControl(one));
}
