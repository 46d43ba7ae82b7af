namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>One file of the page.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="ContentType">Its type.</param>
/// <param name="ETag">Names this content.</param>
internal sealed record ViewFile(byte[] Bytes, string ContentType, string ETag);
