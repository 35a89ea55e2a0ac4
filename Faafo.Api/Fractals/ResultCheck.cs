using System.Globalization;
using System.Security.Cryptography;
using Faafo.Fractals;

namespace Faafo.Api.Fractals;

/// <summary>Validates the result that a worker reports.</summary>
internal static class ResultCheck
{
    private const int LongestNode = 255;

    /// <summary>Lists every invalid field; empty when the result can be recorded.</summary>
    /// <param name="result">The result.</param>
    /// <param name="uuid">The fractal that the path names.</param>
    public static IReadOnlyList<FieldError> Check(FractalResult result, Guid uuid)
    {
        var errors = new List<FieldError>();
        if (result.Uuid is { } named && named != uuid)
        {
            errors.Add(FieldError.Of("uuid", named.ToString(), $"the path's {uuid}"));
        }
        if (result.Duration is { } duration && !(duration >= 0 && double.IsFinite(duration)))
        {
            errors.Add(FieldError.Of("duration", duration.ToString(CultureInfo.InvariantCulture), "seconds, 0 or more"));
        }
        CheckText(errors, "generated_by", result.GeneratedBy, LongestNode);
        CheckText(errors, "error", result.Error, FractalResult.LongestError);
        if (result.Error is not null)
        {
            if (result.Checksum is not null)
            {
                errors.Add(FieldError.Of("checksum", result.Checksum, "absent where error is given"));
            }
            return errors;
        }
        if (result.Checksum is null || result.Checksum.Length != 64 || !result.Checksum.All(char.IsAsciiHexDigit))
        {
            errors.Add(FieldError.Of("checksum", result.Checksum, "the SHA-256 of the PNG in hex"));
        }
        if (!(result.Size > 0))
        {
            errors.Add(FieldError.Of("size", result.Size?.ToString(CultureInfo.InvariantCulture), "the bytes of the PNG"));
        }
        if (errors.Count == 0 && result.Image is { } image)
        {
            CheckImage(errors, result, image);
        }
        return errors;
    }

    // PostgreSQL rejects the character U+0000, and with it the whole transaction.
    private static void CheckText(List<FieldError> errors, string field, string? text, int longest)
    {
        if (text is not null && (text.Length > longest || text.Contains('\0', StringComparison.Ordinal)))
        {
            var limit = $"text of at most {longest} characters without U+0000";
            errors.Add(new FieldError(field, null, limit, $"{field} must be {limit}"));
        }
    }

    private static void CheckImage(List<FieldError> errors, FractalResult result, byte[] image)
    {
        if (image.Length != result.Size)
        {
            errors.Add(FieldError.Of("size", $"{result.Size}", $"the {image.Length} bytes of the image"));
        }
        if (!Convert.ToHexString(SHA256.HashData(image)).Equals(result.Checksum, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(FieldError.Of("checksum", result.Checksum, "the SHA-256 of the image"));
        }
    }
}
