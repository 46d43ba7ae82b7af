using ZstdSharp;

namespace VisionBanana.Edge.Recording;

/// <summary>Decompresses recordings that stand in a Zstandard frame, as ros2 bag's compression of files writes them.</summary>
internal static class ZstdFile
{
    // Recordings compress by less; what claims more fills disks.
    private const long MaxRatio = 1000, Spare = 256L << 20, KeepFreeBytes = 200L << 20;

    /// <summary>Decompresses a file into a temporary one of this user and returns its path.</summary>
    /// <exception cref="RecordingException">It cannot be read, or the disk of the temporary files has no room.</exception>
    /// <exception cref="MessageFormatException">It holds no Zstandard frame, or one that becomes absurdly large.</exception>
    public static string Unpack(string path)
    {
        string target = Path.Combine(Path.GetTempPath(), $"vbedge-{Path.GetRandomFileName()}");
        try
        {
            using FileStream from = File.OpenRead(path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var to = new FileStream(target, options);
            Copy(from, to, path, new DiskSpace(target, KeepFreeBytes));
            return target;
        }
        catch (Exception error)
        {
            File.Delete(target);
            throw error switch
            {
                ZstdException => new MessageFormatException($"'{path}': the Zstandard frame is damaged: {error.Message}", error),
                IOException or UnauthorizedAccessException => new RecordingException($"The recording '{path}' cannot be decompressed: {error.Message}", error),
                _ => error,
            };
        }
    }

    private static void Copy(FileStream from, FileStream to, string path, DiskSpace disk)
    {
        const int BlockBytes = 1 << 20, CheckEvery = 16;
        long limit = (from.Length * MaxRatio) + Spare, written = 0;
        byte[] block = new byte[BlockBytes];
        using var frames = new DecompressionStream(from, leaveOpen: true);
        for (int blocks = 0; ReadSome(frames, block) is > 0 and var count; blocks++)
        {
            if ((written += count) > limit)
            {
                throw new MessageFormatException($"'{path}' of {from.Length} bytes becomes more than {limit} bytes, which no recording does.");
            }

            if (blocks % CheckEvery == 0 && disk.WhyNoRoomFor((long)BlockBytes * CheckEvery) is { } full)
            {
                throw new RecordingException($"The recording '{path}' cannot be decompressed for reading: {full} TMPDIR names another place.");
            }

            to.Write(block, 0, count);
        }
    }

    /// <summary>0 at the end, also where the frame is cut off: what is before it is there.</summary>
    private static int ReadSome(DecompressionStream frames, byte[] block)
    {
        try
        {
            return frames.Read(block, 0, block.Length);
        }
        catch (EndOfStreamException)
        {
            return 0;
        }
    }
}
