using System.Data.Common;
using Faafo.Images;
using Microsoft.AspNetCore.Diagnostics;

namespace Faafo.Api.Http;

/// <summary>Turns exceptions, unknown paths and bodies in another encoding into problem details.</summary>
internal static class ErrorHandling
{
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = WriteErrorAsync,
            SuppressDiagnosticsCallback = failed => IsExpected(failed.Exception),
        });
        app.UseStatusCodePages(status => WriteStatusAsync(status.HttpContext));
        app.Use((context, next) => JsonBody.OtherCharset(context) is { } charset
            ? Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, $"the body must be UTF-8 (got charset={charset})")
            : next(context));
    }

    // Exceptions that WriteErrorAsync explains need no stack trace in the log.
    private static bool IsExpected(Exception e) =>
        e is BadHttpRequestException or ServiceUnavailableException or DbException or ImageStoreException or OperationCanceledException;

    private static Task WriteErrorAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException { StatusCode: 413 } =>
            Problems.WriteAsync(context, 413, "the body is too large: the limit is 64 KiB, and 64 MiB for a result"),
        BadHttpRequestException e => Problems.WriteAsync(context, e.StatusCode, e.InnerException?.Message ?? e.Message),
        ServiceUnavailableException e => Problems.WriteAsync(context, 503, e.Message),
        DbException => Problems.WriteAsync(context, 503, ServiceUnavailableException.Database),
        ImageStoreException => Problems.WriteAsync(context, 503, "the image store is unavailable; retry later"),
        _ => Problems.WriteAsync(context, 500, "unexpected error in the API; its log has the details"),
    };

    private static Task WriteStatusAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        return Problems.WriteAsync(context, status, status == StatusCodes.Status415UnsupportedMediaType
            ? "the body must be application/json"
            : $"{context.Request.Method} {context.Request.Path} is not part of this API");
    }
}
