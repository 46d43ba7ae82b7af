namespace VisionBanana.Edge.Mqtt;

/// <summary>What is known about the other end of a connection.</summary>
internal enum Trust
{
    /// <summary>It has not been let in yet.</summary>
    None,

    /// <summary>It was let in.</summary>
    Guest,

    /// <summary>It is the pipeline of this process.</summary>
    Own,
}
