using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// Finds the native ONNX Runtime before its managed part asks for it: <c>VBEDGE_ONNXRUNTIME</c> (a library or its folder) and nothing else
/// when it is set, otherwise the application's own, the system's search path and the usual places. Every library is asked for its
/// version before it is used: one that is too old is passed over, and told.
/// </summary>
internal static unsafe class OnnxRuntimeNative
{
    public const string Variable = "VBEDGE_ONNXRUNTIME";

    private static readonly Assembly ManagedPart = typeof(OrtEnv).Assembly;
    private static readonly Lazy<OnnxRuntimeLibrary> Found = new(FindAndRegister);

    /// <summary>Version of the managed part.</summary>
    public static Version Managed { get; } = ManagedPart.GetName().Version ?? new Version(0, 0, 0);

    private static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>Loads the library, once. To be called before anything else of ONNX Runtime.</summary>
    /// <exception cref="InferenceException">None was found that this SDK can use: what was found, what was expected, what to do.</exception>
    public static OnnxRuntimeLibrary Require() => Found.Value.Problem is { } problem ? throw new InferenceException(problem) : Found.Value;

    /// <summary>Folders to look in when neither the application nor the system's search path has the library.</summary>
    internal static IEnumerable<string> UsualPlaces()
    {
        yield return AppContext.BaseDirectory;
        if (OperatingSystem.IsWindows())
        {
            yield break;
        }

        string triplet = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        string[] folders = OperatingSystem.IsMacOS()
            ? ["/usr/local/lib", "/opt/homebrew/lib"]
            : ["/opt/onnxruntime/lib", "/usr/local/lib", "/usr/local/onnxruntime/lib", "/usr/lib/" + triplet, "/usr/lib"];
        foreach (string folder in folders)
        {
            yield return folder;
        }
    }

    /// <summary>Looks for a usable library.</summary>
    /// <param name="named">What the environment names: a library or its folder; null = look everywhere.</param>
    /// <param name="ofApplication">Loads the application's or the system's own, or returns 0.</param>
    /// <param name="places">The folders to look in after that.</param>
    internal static OnnxRuntimeLibrary Find(string? named, Func<nint> ofApplication, IEnumerable<string> places)
    {
        var seen = new List<string>();
        if (!string.IsNullOrEmpty(named))
        {
            string path = Directory.Exists(named) ? Candidates(named).FirstOrDefault() ?? Path.Combine(named, FileName) : named;
            return Usable(path, seen) is var handle and not 0
                ? new OnnxRuntimeLibrary(handle, path, null)
                : OnnxRuntimeLibrary.None(
                    $"{Variable} is '{named}': {string.Join(" ", seen)} Expected an ONNX Runtime of version {Expected} or newer. "
                    + "Set it to such a library or its folder, or unset it to use the application's own.");
        }

        nint own = ofApplication();
        if (own != 0)
        {
            if (Judge(own) is not { } problem)
            {
                return new OnnxRuntimeLibrary(own, null, null);
            }

            seen.Add($"the one of the application or the system's search path {problem}.");
            NativeLibrary.Free(own);
        }

        foreach (string path in places.SelectMany(Candidates))
        {
            if (Usable(path, seen) is var handle and not 0)
            {
                return new OnnxRuntimeLibrary(handle, path, null);
            }
        }

        string found = seen.Count == 0 ? "none was found" : $"found were: {string.Join(" ", seen)}";
        return OnnxRuntimeLibrary.None($"The native ONNX Runtime library ({FileName}) is missing: expected version {Expected} or newer, "
            + $"{found}{(seen.Count == 0 ? "." : "")} "
            + "Reference the package Microsoft.ML.OnnxRuntime (CPU) or Microsoft.ML.OnnxRuntime.Gpu.Linux in the application (the vbedge tool: "
                + "-p:OnnxRuntime=Cpu or Gpu), "
            + $"or bring your own and set {Variable} to it; it is also found on LD_LIBRARY_PATH and in {string.Join(", ", places.Skip(1))}.");
    }

    private static string Expected => string.Create(CultureInfo.InvariantCulture, $"{Managed.Major}.{Managed.Minor}");

    private static OnnxRuntimeLibrary FindAndRegister()
    {
        Telemetry.SwitchOff();
        OnnxRuntimeLibrary found = Find(
            Environment.GetEnvironmentVariable(Variable),
            static () => NativeLibrary.TryLoad("onnxruntime", ManagedPart, null, out nint own) ? own : 0,
            UsualPlaces());
        if (found.Problem is not null)
        {
            return found;
        }

        // ONNX Runtime has a resolver of its own, and an assembly takes one only: it steps back when told to.
        OrtEnv.DisableDllImportResolver = true;
        try
        {
            NativeLibrary.SetDllImportResolver(ManagedPart, (name, _, _) => name == "onnxruntime" ? found.Handle : 0);
            return found;
        }
        catch (InvalidOperationException)
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 }
                ? OnnxRuntimeLibrary.None(
                    $"{Variable} came too late: this program used ONNX Runtime before this SDK. Load a painter, or ask OnnxRuntimeVersion.Native(), first.")
                : found;
        }
    }

    /// <summary>The library itself and its versioned names, newest first.</summary>
    private static IEnumerable<string> Candidates(string folder)
    {
        string plain = Path.Combine(folder, FileName);
        if (File.Exists(plain))
        {
            yield return plain;
        }

        if (Directory.Exists(folder) && OperatingSystem.IsLinux())
        {
            foreach (string versioned in Directory.GetFiles(folder, FileName + ".*").OrderDescending(StringComparer.Ordinal))
            {
                yield return versioned;
            }
        }
    }

    private static nint Usable(string path, List<string> seen)
    {
        nint handle;
        try
        {
            if (!File.Exists(path))
            {
                seen.Add($"{path} does not exist.");
                return 0;
            }

            handle = NativeLibrary.Load(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            seen.Add($"{path} cannot be loaded: it is damaged, was built for another processor, or lacks a library of its own. The system said: "
                + $"{e.Message.Trim().ReplaceLineEndings(" ")}");
            return 0;
        }

        if (Judge(handle) is not { } problem)
        {
            return handle;
        }

        seen.Add($"{path} {problem}.");
        NativeLibrary.Free(handle);
        return 0;
    }

    /// <summary>Null when the library can be used, otherwise what is wrong with it.</summary>
    private static string? Judge(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint export))
        {
            return "is no ONNX Runtime: it has no OrtGetApiBase";
        }

        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }, stable since 1.0.
        var apiBase = ((delegate* unmanaged<nint*>)export)();
        string text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase[1])()) ?? "";
        return !Version.TryParse(text.Split('-', '+')[0], out Version? version) ? $"is of the unreadable version '{text}'"
            : version < new Version(Managed.Major, Managed.Minor) ? $"is of version {text}, too old for the managed part {Managed.ToString(3)}"
            : null;
    }
}
