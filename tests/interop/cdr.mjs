// Reads [{schema, payload}] (payload in base64) from standard input, decodes each message with @foxglove/rosmsg2-serialization,
// encodes what it read with the same package, and prints [{schema, message, payload}].
import { readFileSync } from "node:fs";
import { parse } from "@foxglove/rosmsg";
import { ros2humble } from "@foxglove/rosmsg-msgs-common";
import { MessageReader, MessageWriter } from "@foxglove/rosmsg2-serialization";

// vision_msgs and point_cloud_interfaces are not among the common definitions.
const visionClass = "uint16 class_id\nstring class_name";
const labelInfo = "std_msgs/Header header\nvision_msgs/VisionClass[] class_map\nfloat32 threshold";
const compressedCloud =
  "std_msgs/Header header\nuint32 height\nuint32 width\nsensor_msgs/PointField[] fields\nbool is_bigendian\nuint32 point_step\n" +
  "uint32 row_step\nuint8[] compressed_data\nbool is_dense\nstring format";
const vision = {
  Point2D: "float64 x\nfloat64 y",
  Pose2D: "vision_msgs/Point2D position\nfloat64 theta",
  BoundingBox2D: "vision_msgs/Pose2D center\nfloat64 size_x\nfloat64 size_y",
  BoundingBox3D: "geometry_msgs/Pose center\ngeometry_msgs/Vector3 size",
  ObjectHypothesis: "string class_id\nfloat64 score",
  ObjectHypothesisWithPose: "vision_msgs/ObjectHypothesis hypothesis\ngeometry_msgs/PoseWithCovariance pose",
  Detection2D: "std_msgs/Header header\nvision_msgs/ObjectHypothesisWithPose[] results\nvision_msgs/BoundingBox2D bbox\nstring id",
  Detection2DArray: "std_msgs/Header header\nvision_msgs/Detection2D[] detections",
  Detection3D: "std_msgs/Header header\nvision_msgs/ObjectHypothesisWithPose[] results\nvision_msgs/BoundingBox3D bbox\nstring id",
  Detection3DArray: "std_msgs/Header header\nvision_msgs/Detection3D[] detections",
};
const own = [
  ...Object.entries(vision).flatMap(([name, text]) =>
    parse(text, { ros2: true, skipTypeFixup: true }).map((definition) => ({ ...definition, name: `vision_msgs/${name}` }))),
  ...parse(compressedCloud, { ros2: true, skipTypeFixup: true }).map((definition) => ({ ...definition, name: "point_cloud_interfaces/CompressedPointCloud2" })),
  ...parse(visionClass, { ros2: true }).map((definition) => ({ ...definition, name: "vision_msgs/VisionClass" })),
  ...parse(labelInfo, { ros2: true, skipTypeFixup: true }).map((definition) => ({ ...definition, name: "vision_msgs/LabelInfo" })),
];
const known = new Map([...Object.values(ros2humble), ...own].map((definition) => [definition.name, definition]));

/** The definition of a type followed by all it is made of. */
function closure(name) {
  const names = new Set([name]);
  for (const each of names) {
    const definition = known.get(each);
    if (definition == undefined) {
      throw new Error(`no definition of ${each}`);
    }
    definition.definitions.filter((field) => field.isComplex).forEach((field) => names.add(field.type));
  }
  return [...names].map((each) => known.get(each));
}

const plain = (_key, value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : ArrayBuffer.isView(value) ? Array.from(value) : value;

const results = JSON.parse(readFileSync(0, "utf8")).map(({ schema, payload }) => {
  const definitions = closure(schema.replace("/msg/", "/"));
  const message = new MessageReader(definitions).readMessage(Buffer.from(payload, "base64"));
  const again = new MessageWriter(definitions).writeMessage(message);
  return { schema, message, payload: Buffer.from(again).toString("base64") };
});
console.log(JSON.stringify(results, plain));
