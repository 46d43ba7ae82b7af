// Fast CDR's side of peers.py: the same protocol as the worker of this SDK. A PointCloud2 of width x height points of 24 bytes.
#include <chrono>
#include <cstdio>
#include <fastcdr/Cdr.h>
#include <fastcdr/FastBuffer.h>
#include <string>
#include <vector>

using eprosima::fastcdr::Cdr;
using eprosima::fastcdr::FastBuffer;

static void serialize(std::vector<char>& memory, const std::vector<uint8_t>& points, uint32_t width, uint32_t height)
{
    FastBuffer buffer(memory.data(), memory.size());
    Cdr cdr(buffer, Cdr::LITTLE_ENDIANNESS, Cdr::DDS_CDR);
    cdr.serialize_encapsulation();
    cdr << static_cast<int32_t>(1) << static_cast<uint32_t>(2) << std::string("camera_optical") << height << width;
    static const struct { const char* name; uint32_t offset; uint8_t type; } fields[] = {
        {"x", 0, 7}, {"y", 4, 7}, {"z", 8, 7}, {"rgb", 12, 7}, {"confidence", 16, 7}, {"label", 20, 4}};
    cdr << static_cast<uint32_t>(6);
    for (const auto& field : fields)
    {
        cdr << std::string(field.name) << field.offset << field.type << static_cast<uint32_t>(1);
    }
    cdr << false << static_cast<uint32_t>(24) << static_cast<uint32_t>(24 * width);
    cdr << points; // a sequence of uint8: its length and one copy
    cdr << false;
}

int main()
{
    struct Size { std::string name; uint32_t width, height; std::vector<uint8_t> points; std::vector<char> memory; };
    std::vector<Size> sizes = {{"cdr/192x144", 192, 144, {}, {}}, {"cdr/640x480", 640, 480, {}, {}}};
    for (auto& size : sizes)
    {
        size.points.assign(static_cast<size_t>(size.width) * size.height * 24, 7);
        size.memory.assign(size.points.size() + 1024, 0);
    }
    std::puts("ready");
    std::fflush(stdout);
    char name[64];
    int count;
    while (std::scanf("%63s %d", name, &count) == 2)
    {
        std::string line = "0";
        for (auto& size : sizes)
        {
            if (size.name != name) continue;
            for (int i = 0; i < count; i++)
            {
                auto start = std::chrono::steady_clock::now();
                serialize(size.memory, size.points, size.width, size.height);
                line += " " + std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count());
            }
        }
        std::puts(line.c_str());
        std::fflush(stdout);
    }
}
