using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// One point of an organised cloud, laid out as it travels in PointCloud2 (24 bytes, little endian).
/// Position in metres in the optical frame (x right, y down, z forward); NaN = no point here.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = ByteSize)]
public struct CloudPoint
{
    /// <summary>Bytes per point (point_step).</summary>
    public const int ByteSize = 24;

    /// <summary>Metres to the right.</summary>
    public float X;

    /// <summary>Metres down.</summary>
    public float Y;

    /// <summary>Metres forward.</summary>
    public float Z;

    /// <summary>Packed colour 0x00RRGGBB, the bits of a float32 field named <c>rgb</c>.</summary>
    public uint Rgb;

    /// <summary>0–1.</summary>
    public float Confidence;

    /// <summary>Class id; 65535 = unknown or not painted in this frame.</summary>
    public ushort Label;

    /// <summary>Unused, 0.</summary>
    public ushort Padding;
}
