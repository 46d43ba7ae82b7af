namespace VisionBanana.Edge.Recording;

/// <summary>Where an attachment lies.</summary>
/// <param name="Name">Name of the file.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Size">Bytes of its data.</param>
/// <param name="Offset">Offset of its record in the recording.</param>
/// <param name="Length">Bytes of its record.</param>
public sealed record McapAttachmentInfo(string Name, string MediaType, long Size, long Offset, long Length);
