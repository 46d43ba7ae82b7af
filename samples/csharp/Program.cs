using VisionBanana.Edge.Samples;

var samples = new Dictionary<string, Func<string[], Task>>
{
    ["async-stream"] = AsyncStream.RunAsync,
    ["change-instructions"] = ChangeInstructions.RunAsync,
    ["own-painter"] = OwnPainter.RunAsync,
    ["own-source"] = OwnSource.RunAsync,
    ["own-transport"] = OwnTransport.RunAsync,
    ["publish"] = Publish.RunAsync,
    ["read-recording"] = ReadRecording.RunAsync,
    ["run-file"] = RunFile.RunAsync,
    ["subscribe"] = Subscribe.RunAsync,
    ["worker"] = Worker.RunAsync,
};
if (args.Length < 2 || !samples.TryGetValue(args[0], out Func<string[], Task>? run))
{
    Console.Error.WriteLine($"usage: dotnet run -c Release --project samples/csharp -- NAME ARGUMENT…   NAME: {string.Join(", ", samples.Keys)}");
    return 2;
}

await run(args[1..]);
return 0;
