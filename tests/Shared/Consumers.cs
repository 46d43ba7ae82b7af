namespace VisionBanana.Edge.Tests.Shared;

/// <summary>The Python programs of samples/python-consumer, run by the system's interpreter.</summary>
internal static class Consumers
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Starts a consumer, or skips the test when Python lacks a module.</summary>
    public static async Task<ExternalProcess> StartAsync(string script, string[] modules, params string[] arguments)
    {
        await RequireAsync(modules);
        string path = Path.Combine(Nearby.RepositoryRoot, "samples", "python-consumer", script);
        return new ExternalProcess(Python, ["-u", path, .. arguments]);
    }

    /// <summary>Runs a program given as text, or skips the test when Python lacks a module.</summary>
    public static async Task<ExternalProcess> RunAsync(string program, string[] modules, params string[] arguments)
    {
        await RequireAsync(modules);
        return new ExternalProcess(Python, ["-u", "-c", program, .. arguments]);
    }

    private static async Task RequireAsync(string[] modules)
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        foreach (string module in modules)
        {
            Assert.SkipUnless(await ExternalProcess.SucceedsAsync(Python, "-c", $"import {module}"), $"{Python} has no module {module}");
        }
    }
}
