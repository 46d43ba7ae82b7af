using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>A kind of source that is read by this assembly.</summary>
internal abstract class OpenCvKind : SourceKind
{
    protected sealed override ICameraSource OpenCamera(string address, CameraSourceOptions options)
    {
        NativeOpenCv.Require();
        return new ReaderSource(Describe(address, options));
    }

    /// <summary>Looks at the source and reads a first picture.</summary>
    /// <exception cref="CameraException">It cannot be used.</exception>
    protected abstract OpenedSource Describe(string address, CameraSourceOptions options);
}
