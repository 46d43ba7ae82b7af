namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>A topic as the protocol announces it; property names are those of the protocol.</summary>
/// <param name="Id">Number of the channel, unique in this server.</param>
/// <param name="Topic">e.g. <c>/vb/v1/demo/room/cloud</c>.</param>
/// <param name="Encoding"><c>cdr</c>, or <c>json</c> for what has no type.</param>
/// <param name="SchemaName">ROS type, e.g. <c>sensor_msgs/msg/PointCloud2</c>.</param>
/// <param name="Schema">Its definition.</param>
/// <param name="SchemaEncoding"><c>ros2msg</c>, or empty.</param>
internal sealed record FoxgloveChannel(uint Id, string Topic, string Encoding, string SchemaName, string Schema, string SchemaEncoding);
