namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>What a page may ask for of each picture. Planes are Height × Width, rows from the top, little endian.</summary>
internal enum LayerKind
{
    /// <summary>The picture, JPEG.</summary>
    Color,

    /// <summary>Millimetres along z, uint16; 0 = no measurement, too far or too close.</summary>
    Depth,

    /// <summary>Confidence of the depth, uint8; 255 = 1.</summary>
    Confidence,

    /// <summary>The painting that the depth was decoded from, RGB.</summary>
    Painting,

    /// <summary>Class ids, uint16; 65535 = undecided.</summary>
    Labels,

    /// <summary>Instance ids, uint16; 0 = background.</summary>
    Instances,

    /// <summary>What a phrase refers to, uint16; 1 = it.</summary>
    Mask,

    /// <summary>Normals, painted in the paper's code, RGB.</summary>
    Normals,

    /// <summary>The ray of each pixel as slopes x/z and y/z, float32 pairs: a point is depth × (x, y, 1), whatever the lens. Sent when the camera changes.</summary>
    Rays,
}
