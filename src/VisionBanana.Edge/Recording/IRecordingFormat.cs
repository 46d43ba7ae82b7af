namespace VisionBanana.Edge.Recording;

/// <summary>A form of recording files beside MCAP, which the core reads itself; adapters bring what needs a library.</summary>
public interface IRecordingFormat
{
    /// <summary>How the names of its files end, with the dot.</summary>
    string Extension { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="RecordingException">It does not exist or may not be read.</exception>
    /// <exception cref="MessageFormatException">It is none of this form.</exception>
    RecordingReader Open(string path, McapReaderOptions options);
}
