namespace VisionBanana.Edge.Cli.Percepts;

/// <summary>One picture to perceive.</summary>
/// <param name="Path">The picture as the user named it.</param>
/// <param name="Stem">Where its results go, without what tells them apart.</param>
internal sealed record PictureTask(string Path, string Stem);
