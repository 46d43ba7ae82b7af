using System.Diagnostics;
using System.Runtime.Versioning;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Engines;

/// <summary>Engines that another user could have put there are not run, however right their hashes are.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EngineOwnerTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = Own | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode GroupWrites = Own | UnixFileMode.GroupWrite;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExecutionOptions Options => new()
    {
        Prefer = [ExecutionProvider.Cpu],
        Threads = 1,
        EngineCache = new EngineCacheOptions { Folder = _folder["engines"] },
    };

    [Fact]
    public void BuildEngine_NewFolder_IsForThisUserAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        using var model = TestModel.Painter();

        string entry = OnnxPainter.BuildEngine(model.Open(), Options).Folder!;

        Assert.Equal(Own, File.GetUnixFileMode(_folder["engines"]));
        Assert.Equal(Own, File.GetUnixFileMode(entry));
    }

    [Theory]
    [InlineData("folder", OthersWrite)]
    [InlineData("folder", GroupWrites)]
    [InlineData("entry", OthersWrite)]
    [InlineData("file", OthersWrite)]
    public void Load_WritableByOthers_IsNotRunAndNamed(string what, UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        using var model = TestModel.Painter();
        string entry = OnnxPainter.BuildEngine(model.Open(), Options).Folder!;
        string open = what switch { "folder" => _folder["engines"], "entry" => entry, _ => Path.Combine(entry, EngineContent.GraphName) };
        File.SetUnixFileMode(open, mode);

        using OnnxPainter painter = model.Load(Options);

        Assert.StartsWith($"runs fp32 on 1 threads (a cached engine was not loaded: {open} may be written by other users", painter.ProviderReport[0].Message,
            StringComparison.Ordinal);
        Assert.Contains("chmod", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        Assert.Equal(EngineState.Damaged, Assert.Single(new EngineCache(Options.EngineCache).List()).State);
    }

    [Fact]
    public void BuildEngine_FolderWritableByOthers_IsRefusedAndNamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        Directory.CreateDirectory(_folder["engines"]);
        File.SetUnixFileMode(_folder["engines"], OthersWrite);
        using var model = TestModel.Painter();

        var error = Assert.Throws<InferenceException>(() => OnnxPainter.BuildEngine(model.Open(), Options));

        Assert.Contains($"{_folder["engines"]} may be written by other users", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["engines"]));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("entry")]
    [InlineData("file")]
    public void Load_OfAnotherUser_IsNotRunAndNamed(string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only the superuser can give a file to somebody else");
        using var model = TestModel.Painter();
        string entry = OnnxPainter.BuildEngine(model.Open(), Options).Folder!;
        string foreign = what switch { "folder" => _folder["engines"], "entry" => entry, _ => Path.Combine(entry, EngineManifest.FileName) };
        using (var chown = Process.Start("/usr/bin/chown", ["12345", foreign]))
        {
            chown.WaitForExit();
        }

        using OnnxPainter painter = model.Load(Options);

        Assert.Contains($"{foreign} belongs to the user with the id 12345", painter.ProviderReport[0].Message, StringComparison.Ordinal);
    }
}
