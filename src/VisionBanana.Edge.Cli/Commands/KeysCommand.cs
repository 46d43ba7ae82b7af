using System.CommandLine;
using System.Text.Json.Serialization;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge keys new</c>.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Makes keys for encrypted ZeroMQ (CURVE).") { New() };

    private static Command New()
    {
        var folder = new Option<DirectoryInfo?>("--output", "-o") { Description = "The folder for the two files; default: this one." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("new", $"Writes a new pair of CURVE keys: {CurveKeyFiles.SecretName} (mode 0600) for the publisher, "
            + $"{CurveKeyFiles.PublicName} for its subscribers.")
        {
            folder, json,
        };
        command.SetAction(parsed =>
        {
            CurveKeyFiles files = CurveKeyFiles.Create(parsed.GetValue(folder)?.ToString() ?? ".");
            return Report.Print(parsed.GetValue(json), new MadeKeys(files.PublicFile, files.SecretFile, files.PublicKey), static made =>
            {
                Console.WriteLine($"secret  {made.SecretFile}  (zeromq: curve_secret_key_file)");
                Console.WriteLine($"public  {made.PublicFile}  {made.PublicKey}");
            });
        });
        return command;
    }

    /// <summary>What the command reports; a public key (Z85) may hold ':' and '@'.</summary>
    internal sealed record MadeKeys(
        string PublicFile, string SecretFile, [property: JsonConverter(typeof(Json.PlainTextConverter))] string PublicKey);
}
