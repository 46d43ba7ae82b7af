using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Messages;

/// <summary>A stream of pictures without choices of its own.</summary>
internal abstract class PlaneStream(string name, WireSchema wireSchema) : PictureStream<PlaneStreamOptions>(name, wireSchema)
{
    protected sealed override PlaneStreamOptions Read(YamlSection section, double? rateHz) => new() { RateHz = rateHz };
}
