using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// What a page may ask for of each picture: an entry of <see cref="LayerKinds.All"/>. Planes are Height × Width, rows from the top, little endian.
/// </summary>
/// <param name="name">What pages call it.</param>
/// <param name="form">How its bytes are to be read and shown: the page knows a few forms, each for any number of layers.</param>
/// <param name="kind">The percept it is made of; null when it is of the picture itself.</param>
internal abstract class LayerKind(string name, string form, PerceptKind? kind = null)
{
    public string Name => name;

    public string Form => form;

    public PerceptKind? Kind => kind;

    /// <summary>True when it is kept after the picture it is of, until it is made again: not every picture has what it is made of.</summary>
    public virtual bool IsKept => false;

    /// <summary>True when it is of the camera and not of one picture.</summary>
    public virtual bool IsOfCamera => false;

    /// <summary>Whether a frame has what it is made of.</summary>
    public virtual bool IsIn(PerceptionFrame frame) => kind is not { } percept || frame.Find(percept) is not null;

    /// <summary>Fills a layer from a frame that has what it is made of.</summary>
    public abstract void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer);
}
