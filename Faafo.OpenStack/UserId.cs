using System.Security.Cryptography;

namespace Faafo.OpenStack;

/// <summary>A random id of a user on a machine, in a file.</summary>
internal static class UserId
{
    private const int Digits = 8;

    /// <summary>Reads the id, and generates it the first time. Concurrent callers get the same.</summary>
    /// <exception cref="IOException">The file can be neither read nor written, or holds something else.</exception>
    public static string Get(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                Create(file);
            }
            var id = File.ReadAllText(file).Trim();
            return id.Length == Digits && id.All(char.IsAsciiHexDigitLower)
                ? id : throw new IOException($"{file} must hold {Digits} hexadecimal digits: delete it, and remove by hand what is marked");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    // Complete before it has its name, so that an interrupted program leaves no half of an id.
    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var draft = $"{file}.{RandomNumberGenerator.GetHexString(Digits, lowercase: true)}";
        File.WriteAllText(draft, RandomNumberGenerator.GetHexString(Digits, lowercase: true) + '\n');
        try
        {
            File.Move(draft, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(draft);
        }
    }
}
