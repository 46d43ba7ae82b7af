using Microsoft.Win32.SafeHandles;

namespace VisionBanana.Edge.Recording;

/// <summary>Bytes that can be read from anywhere and from several threads.</summary>
internal abstract class ByteSource : IDisposable
{
    public abstract long Length { get; }

    /// <summary>Fills the target.</summary>
    /// <exception cref="MessageFormatException">There are not so many bytes.</exception>
    public void Read(long offset, Span<byte> target)
    {
        while (target.Length > 0)
        {
            int count = ReadSome(offset, target);
            if (count == 0)
            {
                throw new MessageFormatException($"Expected {target.Length} more bytes at byte {offset}, but the recording ends there.");
            }

            offset += count;
            target = target[count..];
        }
    }

    public abstract void Dispose();

    protected abstract int ReadSome(long offset, Span<byte> target);
}

/// <summary>A file, which may still be growing.</summary>
internal sealed class FileBytes(SafeFileHandle handle) : ByteSource
{
    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override void Dispose() => handle.Dispose();

    protected override int ReadSome(long offset, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(handle, target, offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"The recording cannot be read at byte {offset}: {error.Message}", error);
        }
    }
}

/// <summary>A recording in memory.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public override long Length => bytes.Length;

    public override void Dispose()
    {
    }

    protected override int ReadSome(long offset, Span<byte> target)
    {
        if (offset >= bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = bytes.Span[(int)offset..];
        int count = Math.Min(rest.Length, target.Length);
        rest[..count].CopyTo(target);
        return count;
    }
}
