using System.Buffers.Binary;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// COLMAP's <c>cameras.bin</c>, little endian: the number of cameras (u64), then of each its id (u32), model (i32), width and height (u64)
/// and parameters (f64).
/// </summary>
internal sealed class ColmapBinaryFormat : CalibrationFormat
{
    private const int Header = 8, Fixed = 24, MostCameras = 100_000;

    public override string Name => "colmap-bin";

    public override string Description => "COLMAP cameras.bin";

    public override string FileName => "cameras.bin";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => ColmapCamera.Held;

    public override bool Recognises(CalibrationDocument document)
    {
        ReadOnlySpan<byte> bytes = document.Bytes;
        return document.Text is null && bytes.Length >= Header + Fixed
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes) is > 0 and <= MostCameras && BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) is >= 0 and < 64;
    }

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        var cameras = new List<CalibratedCamera>();
        ReadOnlySpan<byte> rest = document.Bytes.AsSpan(Header);
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(document.Bytes);
        for (ulong i = 0; i < count; i++)
        {
            void Problem(string message) => document.Problems.Add($"camera {i + 1} of {count}: {message}");

            int id = rest.Length >= Fixed ? BinaryPrimitives.ReadInt32LittleEndian(rest[4..]) : -1;
            int parameters = ColmapCamera.CountOf(id) ?? 0;
            if (rest.Length < Fixed + (8 * parameters))
            {
                Problem("the file ends before it");
                return cameras;
            }

            ulong width = BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]), height = BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]);
            double[] values = new double[parameters];
            for (int k = 0; k < parameters; k++)
            {
                values[k] = BinaryPrimitives.ReadDoubleLittleEndian(rest[(Fixed + (8 * k))..]);
            }

            string name = ColmapCamera.Named(BinaryPrimitives.ReadUInt32LittleEndian(rest));
            CameraDraft? draft = ColmapCamera.Draft(name, id, Side(width), Side(height), values, Problem);
            if (draft is null)
            {
                // Where the next one begins is not known.
                return cameras;
            }

            if (draft.Finish("parameters", "parameters", (key, message) => Problem($"{key}: {message}")) is { } camera)
            {
                cameras.Add(new CalibratedCamera(camera));
            }

            rest = rest[(Fixed + (8 * parameters))..];
        }

        if (!rest.IsEmpty)
        {
            document.Problems.Add($"{rest.Length} bytes follow the last of {count} cameras");
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, 8, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((ulong)cameras.Count);
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            (int id, double[] parameters) = ColmapCamera.Of(c);
            writer.Write((uint)(i + 1));
            writer.Write(id);
            writer.Write((ulong)c.Width);
            writer.Write((ulong)c.Height);
            foreach (double parameter in parameters)
            {
                writer.Write(parameter);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    // 0 is refused with its reason when the camera is finished.
    private static int Side(ulong pixels) => pixels <= CameraDraft.LargestSide ? (int)pixels : 0;
}
