using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Where a recording is written to: what the disk took, each write whole or not at all, and its CRC. For one thread at a time.</summary>
/// <param name="stream">A stream that can seek and is at its begin.</param>
/// <param name="leaveOpen">Whether it stays open when this is disposed.</param>
internal sealed class RecordingOutput(Stream stream, bool leaveOpen) : IDisposable
{
    // What a camera saw is not for every user of the machine.
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Crc32 _crc = new();

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    /// <summary>The CRC of all of them.</summary>
    public uint Crc => _crc.GetCurrentHashAsUInt32();

    /// <summary>Makes the file of a recording.</summary>
    /// <exception cref="RecordingException">It exists, or cannot be created.</exception>
    public static FileStream CreateFile(string path, bool overwrite)
    {
        try
        {
            // Unbuffered: a chunk is one write, and what was written is out of this process's hands.
            var file = new FileStreamOptions
            {
                Mode = overwrite ? FileMode.Create : FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                file.UnixCreateMode = OwnerAndGroup;
            }

            return new FileStream(path, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RecordingException(
                File.Exists(path) && !overwrite
                    ? $"The recording '{path}' exists already: give another name, or allow it to be overwritten."
                    : $"The recording '{path}' cannot be created: {error.Message}",
                error);
        }
    }

    /// <summary>Appends records, all or nothing, and clears them.</summary>
    /// <param name="records">What is written.</param>
    /// <param name="toDisk">Waits until the disk has them.</param>
    /// <exception cref="RecordingException">The file cannot be written.</exception>
    public void Write(RecordBuffer records, bool toDisk = false)
    {
        try
        {
            stream.Write(records.Written);
            if (toDisk && stream is FileStream file)
            {
                file.Flush(flushToDisk: true);
            }
            else
            {
                stream.Flush();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            records.Clear();
            TakeBack();
            throw new RecordingException($"The recording cannot be written after {Position} bytes: {error.Message} Free space or record elsewhere.", error);
        }

        _crc.Append(records.Written);
        Position += records.Length;
        records.Clear();
    }

    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    /// <summary>Removes what a failed write left behind the last good byte, so that the next one follows it.</summary>
    private void TakeBack()
    {
        try
        {
            stream.SetLength(Position);
            stream.Position = Position;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The write that comes next tells: a half record at the end is what readers of killed recordings skip.
        }
    }
}
