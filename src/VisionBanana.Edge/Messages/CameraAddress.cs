namespace VisionBanana.Edge.Messages;

/// <summary>Which camera of which device: what every topic of a pipeline begins with.</summary>
/// <param name="Device">The robot or computer.</param>
/// <param name="Camera">The camera.</param>
public readonly record struct CameraAddress(string Device, string Camera)
{
    /// <summary>The topic of a stream, <c>vb/v1/{device}/{camera}/{stream}</c>; of the empty one what all begin with.</summary>
    public string TopicOf(string stream) => WireTopics.Of(Device, Camera, stream);

    /// <summary>Checks that both names can stand between two slashes of a topic.</summary>
    /// <exception cref="ConfigurationException">One is empty or holds a character that brokers treat as structure.</exception>
    public CameraAddress Checked()
    {
        WireTopics.CheckName("device", Device);
        WireTopics.CheckName("camera", Camera);
        return this;
    }

    /// <summary><c>device/camera</c>.</summary>
    public override string ToString() => $"{Device}/{Camera}";
}
