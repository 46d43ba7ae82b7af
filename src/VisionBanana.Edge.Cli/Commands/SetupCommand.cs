using System.CommandLine;
using VisionBanana.Edge.Cli.Setup;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge setup</c>: a page in the browser that writes a pipeline file.</summary>
internal static class SetupCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo>("--output", "-o")
        {
            Description = "The pipeline file to write.",
            DefaultValueFactory = _ => new FileInfo("pipeline.yaml"),
        };
        Option<string?> view = new("--view") { Description = "Where the page listens; beyond this machine it asks for a token.", HelpName = "ADDRESS[:PORT]" };
        Option<bool> open = new("--open") { Description = "Opens the page in the browser." };
        Option<string?> model = CommonOptions.Model();
        var command = new Command("setup", "A page in the browser: finds cameras, shows the floor where the mount puts it, and writes a pipeline file.")
        {
            output, view, open, model,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(output)!.FullName;
            if (File.Exists(path))
            {
                throw new ConfigurationException($"{path} is there already: name another file with -o, or move it away.");
            }

            var options = new ViewOptions();
            using var requests = new SetupRequests(path, () => PainterChoice.Of(parsed.GetValue(model)).Load(new ExecutionOptions()), Console.Out);
            await using var server = new SetupServer(parsed.GetValue(view) is { } address ? options.At(address) : options, requests);
            Uri page = await server.StartAsync(cancellationToken).ConfigureAwait(false);
            Console.WriteLine($"set up at {page}   Ctrl-C ends");
            if (parsed.GetValue(open) && !Browser.TryOpen(page))
            {
                Console.WriteLine("no browser was found here: open the address yourself");
            }

            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The user is done.
            }

            return File.Exists(path) ? ExitCode.Well : ExitCode.Interrupted;
        });
        return command;
    }
}
