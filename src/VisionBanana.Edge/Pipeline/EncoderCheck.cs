using System.Buffers;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Checks before the first picture that there is an encoder where a stream is compressed.</summary>
internal static class EncoderCheck
{
    /// <summary>Stands where nothing is compressed.</summary>
    public static readonly IImageEncoder NoEncoder = new None();

    /// <summary>The streams of a pipeline: as asked, without compressed ones where no message is sent anyway.</summary>
    /// <exception cref="ConfigurationException">A stream is compressed and nobody can do it.</exception>
    public static StreamOptions Checked(PipelineParts parts)
    {
        StreamOptions streams = parts.Streams;
        StreamKind[] compressed = [.. Streams.All.Where(stream => stream.NeedsEncoder(streams))];
        if (parts.Images is not null || compressed.Length == 0)
        {
            return streams;
        }

        return parts.Transports.Count == 0
            ? compressed.Aggregate(streams, (options, stream) => stream.TurnOff(options))
            : throw new ConfigurationException(
                $"The streams {string.Join(", ", compressed.Select(stream => stream.Name))} need {nameof(PipelineParts)}.{nameof(parts.Images)}, "
                + "an encoder such as OpenCvImageEncoder; found none: give one, or turn these streams off.");
    }

    private sealed class None : IImageEncoder
    {
        public int EncodeJpeg(ReadOnlySpan<byte> rgb, int width, int height, int quality, IBufferWriter<byte> output) => throw Missing();

        public int EncodePng(ReadOnlySpan<byte> rgb, int width, int height, IBufferWriter<byte> output) => throw Missing();

        public int EncodePng16(ReadOnlySpan<ushort> samples, int width, int height, IBufferWriter<byte> output) => throw Missing();

        private static InvalidOperationException Missing() => new("No stream is compressed here.");
    }
}
