using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>How a recording is written.</summary>
public sealed record McapWriterOptions
{
    /// <summary>What the file promises about its channels; see mcap.dev/spec/registry.</summary>
    public string Profile { get; init; } = "ros2";

    /// <summary>The compression of chunks.</summary>
    public McapCompression Compression { get; init; } = McapCompression.Zstd;

    /// <summary>The level of Zstandard, 1 (fast) to 19 (small).</summary>
    public int ZstdLevel { get; init; } = 1;

    /// <summary>A chunk is written out when it holds so many bytes before compression. A larger message is the last of its chunk.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>A chunk is written out when its first message is so old, full or not: what a crash can cost at most.</summary>
    public TimeSpan ChunkAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits after every chunk until the disk has it, so that it survives a power cut and not only a crash of the process.
    /// Costs a stall of the disk per chunk.
    /// </summary>
    public bool FlushToDisk { get; init; }

    /// <summary>
    /// The recording ends, closed and readable, before less than this would be free on its disk; 0 = it writes until the disk refuses.
    /// Default 200 MiB: a robot whose disk is full loses more than a recording.
    /// </summary>
    public long KeepFreeBytes { get; init; } = 200L << 20;

    /// <summary>Replaces a file that exists; otherwise that is an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The clock of <see cref="ChunkAge"/> and of attachments.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ConfigurationException">A value is out of its range.</exception>
    internal McapWriterOptions Checked() =>
        ChunkBytes is < 1024 or > 1 << 30 ? throw new ConfigurationException($"A chunk holds 1024 to {1 << 30} bytes, found {ChunkBytes}.")
        : ZstdLevel is < 1 or > 19 ? throw new ConfigurationException($"The level of Zstandard is 1 to 19, found {ZstdLevel}.")
        : ChunkAge < TimeSpan.FromMilliseconds(1) || ChunkAge > TimeSpan.FromHours(1)
            ? throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"A chunk may become 1 ms to 1 h old, found {ChunkAge}."))
        : this;
}
