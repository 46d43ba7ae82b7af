using System.CommandLine;
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
            return Report.Print(parsed.GetValue(json), files, static made =>
            {
                Console.WriteLine($"secret  {made.SecretFile}  (zeromq: curve_secret_key_file)");
                Console.WriteLine($"public  {made.PublicFile}  {made.PublicKey}");
            });
        });
        return command;
    }
}
