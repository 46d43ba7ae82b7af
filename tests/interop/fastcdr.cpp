// Reads lines "SCHEMA HEX" from standard input. Decodes each message with Fast CDR, the serialisation of ROS 2's default middleware, encodes what
// it read with the same library, and prints "SCHEMA HEX VALUES": the values in the order of the definition, each behind '|', data in hexadecimal.
// Sequences of structures are written as rosidl_typesupport_fastrtps_cpp does: their length, then one after the other.
//
//     g++ -std=c++17 -O1 -Wall -Wextra -Werror fastcdr.cpp -lfastcdr -o fastcdr     (Debian: libfastcdr-dev, versions 1 and 2)
#include <array>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <fastcdr/Cdr.h>
#include <fastcdr/FastBuffer.h>
#include <fastcdr/config.h>
#include <fastcdr/exceptions/Exception.h>

using eprosima::fastcdr::Cdr;
using eprosima::fastcdr::FastBuffer;

#if FASTCDR_VERSION_MAJOR > 1
constexpr auto dds_cdr = eprosima::fastcdr::CdrVersion::DDS_CDR;
size_t length_of(const Cdr& cdr) { return cdr.get_serialized_data_length(); }
#else
constexpr auto dds_cdr = Cdr::DDS_CDR;
size_t length_of(const Cdr& cdr) { return cdr.getSerializedDataLength(); }
#endif

// The definitions: each visits its fields in order.
#define FIELDS(...) template <class V> void visit(V&& v) { v(__VA_ARGS__); }

struct Time { int32_t sec = 0; uint32_t nanosec = 0; FIELDS(sec, nanosec) };
struct Header { Time stamp; std::string frame_id; FIELDS(stamp, frame_id) };
struct Image {
  Header header; uint32_t height = 0, width = 0; std::string encoding; uint8_t is_bigendian = 0; uint32_t step = 0; std::vector<uint8_t> data;
  FIELDS(header, height, width, encoding, is_bigendian, step, data)
};
struct CompressedImage { Header header; std::string format; std::vector<uint8_t> data; FIELDS(header, format, data) };
struct RegionOfInterest {
  uint32_t x_offset = 0, y_offset = 0, height = 0, width = 0; bool do_rectify = false;
  FIELDS(x_offset, y_offset, height, width, do_rectify)
};
struct CameraInfo {
  Header header; uint32_t height = 0, width = 0; std::string distortion_model; std::vector<double> d;
  std::array<double, 9> k{}, r{}; std::array<double, 12> p{}; uint32_t binning_x = 0, binning_y = 0; RegionOfInterest roi;
  FIELDS(header, height, width, distortion_model, d, k, r, p, binning_x, binning_y, roi)
};
struct PointField { std::string name; uint32_t offset = 0; uint8_t datatype = 0; uint32_t count = 0; FIELDS(name, offset, datatype, count) };
struct PointCloud2 {
  Header header; uint32_t height = 0, width = 0; std::vector<PointField> fields; bool is_bigendian = false;
  uint32_t point_step = 0, row_step = 0; std::vector<uint8_t> data; bool is_dense = false;
  FIELDS(header, height, width, fields, is_bigendian, point_step, row_step, data, is_dense)
};
struct CompressedPointCloud2 {
  Header header; uint32_t height = 0, width = 0; std::vector<PointField> fields; bool is_bigendian = false;
  uint32_t point_step = 0, row_step = 0; std::vector<uint8_t> compressed_data; bool is_dense = false; std::string format;
  FIELDS(header, height, width, fields, is_bigendian, point_step, row_step, compressed_data, is_dense, format)
};
struct Vector3 { double x = 0, y = 0, z = 0; FIELDS(x, y, z) };
struct Quaternion { double x = 0, y = 0, z = 0, w = 0; FIELDS(x, y, z, w) };
struct Transform { Vector3 translation; Quaternion rotation; FIELDS(translation, rotation) };
struct TransformStamped { Header header; std::string child_frame_id; Transform transform; FIELDS(header, child_frame_id, transform) };
struct TFMessage { std::vector<TransformStamped> transforms; FIELDS(transforms) };
struct VisionClass { uint16_t class_id = 0; std::string class_name; FIELDS(class_id, class_name) };
struct LabelInfo { Header header; std::vector<VisionClass> class_map; float threshold = 0; FIELDS(header, class_map, threshold) };
struct LaserScan {
  Header header; float angle_min = 0, angle_max = 0, angle_increment = 0, time_increment = 0, scan_time = 0, range_min = 0, range_max = 0;
  std::vector<float> ranges, intensities;
  FIELDS(header, angle_min, angle_max, angle_increment, time_increment, scan_time, range_min, range_max, ranges, intensities)
};
struct Point { double x = 0, y = 0, z = 0; FIELDS(x, y, z) };
struct Pose { Point position; Quaternion orientation; FIELDS(position, orientation) };
struct PoseWithCovariance { Pose pose; std::array<double, 36> covariance{}; FIELDS(pose, covariance) };
struct Point2D { double x = 0, y = 0; FIELDS(x, y) };
struct Pose2D { Point2D position; double theta = 0; FIELDS(position, theta) };
struct BoundingBox2D { Pose2D center; double size_x = 0, size_y = 0; FIELDS(center, size_x, size_y) };
struct BoundingBox3D { Pose center; Vector3 size; FIELDS(center, size) };
struct ObjectHypothesis { std::string class_id; double score = 0; FIELDS(class_id, score) };
struct ObjectHypothesisWithPose { ObjectHypothesis hypothesis; PoseWithCovariance pose; FIELDS(hypothesis, pose) };
struct Detection2D { Header header; std::vector<ObjectHypothesisWithPose> results; BoundingBox2D bbox; std::string id; FIELDS(header, results, bbox, id) };
struct Detection2DArray { Header header; std::vector<Detection2D> detections; FIELDS(header, detections) };
struct Detection3D { Header header; std::vector<ObjectHypothesisWithPose> results; BoundingBox3D bbox; std::string id; FIELDS(header, results, bbox, id) };
struct Detection3DArray { Header header; std::vector<Detection3D> detections; FIELDS(header, detections) };
struct KeyValue { std::string key, value; FIELDS(key, value) };
struct DiagnosticStatus {
  uint8_t level = 0; std::string name, message, hardware_id; std::vector<KeyValue> values;
  FIELDS(level, name, message, hardware_id, values)
};
struct DiagnosticArray { Header header; std::vector<DiagnosticStatus> status; FIELDS(header, status) };

template <class T> constexpr bool is_plain = std::is_arithmetic_v<T> || std::is_same_v<T, std::string>;

struct Reader {
  Cdr& cdr;
  template <class... T> void operator()(T&... fields) { (one(fields), ...); }
  template <class T> void one(T& value) {
    if constexpr (is_plain<T>) cdr >> value;
    else value.visit(*this);
  }
  template <class T, size_t N> void one(std::array<T, N>& values) { cdr >> values; }
  template <class T> void one(std::vector<T>& values) {
    if constexpr (is_plain<T>) {
      cdr >> values;
    } else {
      uint32_t count = 0;
      cdr >> count;
      for (uint32_t i = 0; i < count; i++) one(values.emplace_back());  // Fast CDR throws at the end of the bytes, whatever the count says.
    }
  }
};

struct Writer {
  Cdr& cdr;
  template <class... T> void operator()(T&... fields) { (one(fields), ...); }
  template <class T> void one(T& value) {
    if constexpr (is_plain<T>) cdr << value;
    else value.visit(*this);
  }
  template <class T, size_t N> void one(std::array<T, N>& values) { cdr << values; }
  template <class T> void one(std::vector<T>& values) {
    if constexpr (is_plain<T>) {
      cdr << values;
    } else {
      cdr << static_cast<uint32_t>(values.size());
      for (T& value : values) one(value);
    }
  }
};

struct Printer {
  std::ostream& out;
  template <class... T> void operator()(T&... fields) { (one(fields), ...); }
  template <class T> void one(T& value) {
    if constexpr (std::is_same_v<T, std::string>) out << '|' << value;
    else if constexpr (std::is_arithmetic_v<T>) out << '|' << +value;
    else value.visit(*this);
  }
  template <class T, size_t N> void one(std::array<T, N>& values) { for (T& value : values) one(value); }
  template <class T> void one(std::vector<T>& values) {
    if constexpr (std::is_same_v<T, uint8_t>) {
      out << '|';
      char digits[3];
      for (uint8_t value : values) { std::snprintf(digits, sizeof digits, "%02X", value); out << digits; }
    } else {
      out << '|' << values.size();
      for (T& value : values) one(value);
    }
  }
};

std::vector<char> from_hex(const std::string& text) {
  std::vector<char> bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) bytes.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

template <class T> std::string again(std::vector<char> payload) {
  FastBuffer in(payload.data(), payload.size());
  Cdr reader(in, Cdr::DEFAULT_ENDIAN, dds_cdr);
  reader.read_encapsulation();
  T message;
  message.visit(Reader{reader});

  // Fast CDR leaves padding as it finds it: over zeros, equal messages are equal bytes.
  std::vector<char> room(payload.size() + 64);
  FastBuffer out(room.data(), room.size());
  Cdr writer(out, Cdr::LITTLE_ENDIANNESS, dds_cdr);
  writer.serialize_encapsulation();
  message.visit(Writer{writer});

  std::vector<uint8_t> written(out.getBuffer(), out.getBuffer() + length_of(writer));
  std::ostringstream line;
  Printer{line}(written);
  std::string hex = line.str().substr(1);
  std::ostringstream values;
  values.precision(17);
  message.visit(Printer{values});
  return hex + ' ' + values.str();
}

std::string again(const std::string& schema, std::vector<char> payload) {
  if (schema == "builtin_interfaces/msg/Time") return again<Time>(payload);
  if (schema == "std_msgs/msg/Header") return again<Header>(payload);
  if (schema == "sensor_msgs/msg/Image") return again<Image>(payload);
  if (schema == "sensor_msgs/msg/CompressedImage") return again<CompressedImage>(payload);
  if (schema == "sensor_msgs/msg/CameraInfo") return again<CameraInfo>(payload);
  if (schema == "sensor_msgs/msg/RegionOfInterest") return again<RegionOfInterest>(payload);
  if (schema == "sensor_msgs/msg/PointField") return again<PointField>(payload);
  if (schema == "sensor_msgs/msg/PointCloud2") return again<PointCloud2>(payload);
  if (schema == "point_cloud_interfaces/msg/CompressedPointCloud2") return again<CompressedPointCloud2>(payload);
  if (schema == "geometry_msgs/msg/Vector3") return again<Vector3>(payload);
  if (schema == "geometry_msgs/msg/Quaternion") return again<Quaternion>(payload);
  if (schema == "geometry_msgs/msg/Transform") return again<Transform>(payload);
  if (schema == "geometry_msgs/msg/TransformStamped") return again<TransformStamped>(payload);
  if (schema == "tf2_msgs/msg/TFMessage") return again<TFMessage>(payload);
  if (schema == "vision_msgs/msg/VisionClass") return again<VisionClass>(payload);
  if (schema == "vision_msgs/msg/LabelInfo") return again<LabelInfo>(payload);
  if (schema == "diagnostic_msgs/msg/KeyValue") return again<KeyValue>(payload);
  if (schema == "diagnostic_msgs/msg/DiagnosticStatus") return again<DiagnosticStatus>(payload);
  if (schema == "diagnostic_msgs/msg/DiagnosticArray") return again<DiagnosticArray>(payload);
  if (schema == "sensor_msgs/msg/LaserScan") return again<LaserScan>(payload);
  if (schema == "geometry_msgs/msg/Point") return again<Point>(payload);
  if (schema == "geometry_msgs/msg/Pose") return again<Pose>(payload);
  if (schema == "geometry_msgs/msg/PoseWithCovariance") return again<PoseWithCovariance>(payload);
  if (schema == "vision_msgs/msg/Point2D") return again<Point2D>(payload);
  if (schema == "vision_msgs/msg/Pose2D") return again<Pose2D>(payload);
  if (schema == "vision_msgs/msg/BoundingBox2D") return again<BoundingBox2D>(payload);
  if (schema == "vision_msgs/msg/BoundingBox3D") return again<BoundingBox3D>(payload);
  if (schema == "vision_msgs/msg/ObjectHypothesis") return again<ObjectHypothesis>(payload);
  if (schema == "vision_msgs/msg/ObjectHypothesisWithPose") return again<ObjectHypothesisWithPose>(payload);
  if (schema == "vision_msgs/msg/Detection2D") return again<Detection2D>(payload);
  if (schema == "vision_msgs/msg/Detection2DArray") return again<Detection2DArray>(payload);
  if (schema == "vision_msgs/msg/Detection3D") return again<Detection3D>(payload);
  if (schema == "vision_msgs/msg/Detection3DArray") return again<Detection3DArray>(payload);
  throw std::runtime_error("no definition of " + schema);
}

int main() {
  std::string schema, hex;
  try {
    while (std::cin >> schema >> hex) std::cout << schema << ' ' << again(schema, from_hex(hex)) << '\n';
  } catch (const eprosima::fastcdr::exception::Exception& error) {
    std::cerr << schema << ": " << error.what() << '\n';
    return 1;
  } catch (const std::exception& error) {
    std::cerr << schema << ": " << error.what() << '\n';
    return 1;
  }
}
