using System.Text;
using FsCheck.Xunit;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Tests.Geometry;

public sealed class PointFileTests
{
    [Property(MaxTest = 30)]
    public void Pcd_AnyOrganisedCloud_ComesBackBitForBit(int seed, byte w, byte h)
    {
        int width = 1 + (w % 90), height = 1 + (h % 70);
        CloudPoint[] points = Cloud(seed, width * height);
        using var file = new MemoryStream();

        PcdFile.Write(file, points, width);
        file.Position = 0;
        PointCloud cloud = PcdFile.Read(file);

        Assert.Equal((width, height), (cloud.Width, cloud.Height));
        Assert.Equal(points, cloud.Points);
        Assert.Equal(file.Length, file.Position);
        Assert.Equal(points.All(p => !float.IsNaN(p.X)), cloud.IsDense);
    }

    [Property(MaxTest = 30)]
    public void Ply_AnyOrganisedCloud_ComesBackBitForBit(int seed, byte w, byte h)
    {
        int width = 1 + (w % 90), height = 1 + (h % 70);
        CloudPoint[] points = Cloud(seed, width * height);
        using var file = new MemoryStream();

        PlyFile.Write(file, points, width, organised: true);
        file.Position = 0;
        PointCloud cloud = PlyFile.Read(file);

        Assert.Equal((width, height), (cloud.Width, cloud.Height));
        Assert.Equal(points, cloud.Points);
    }

    [Property(MaxTest = 30)]
    public void Ply_ByDefault_HoldsThePointsThatExist(int seed, byte count)
    {
        CloudPoint[] points = Cloud(seed, count);
        using var file = new MemoryStream();

        PlyFile.Write(file, points);
        file.Position = 0;
        PointCloud cloud = PlyFile.Read(file);

        Assert.Equal(points.Where(p => !float.IsNaN(p.X)), cloud.Points);
        Assert.Equal(1, cloud.Height);
        Assert.True(cloud.IsDense);
    }

    [Fact]
    public void Pcd_Header_IsWhatPclReads()
    {
        using var file = new MemoryStream();
        PcdFile.Write(file, new CloudPoint[6], 3);
        string text = Encoding.ASCII.GetString(file.ToArray());

        Assert.StartsWith("# .PCD v0.7", text, StringComparison.Ordinal);
        Assert.Contains(
            "FIELDS x y z rgb confidence label\nSIZE 4 4 4 4 4 2\nTYPE F F F F F U\nCOUNT 1 1 1 1 1 1\nWIDTH 3\nHEIGHT 2\n", text, StringComparison.Ordinal);
        Assert.EndsWith("DATA binary\n", text[..^(6 * 22)], StringComparison.Ordinal);
    }

    [Fact]
    public void Ply_ForeignColumns_ArePassedOver()
    {
        byte[] header = Encoding.ASCII.GetBytes(
            "ply\r\nformat binary_little_endian 1.0\ncomment x\nelement vertex 1\nproperty double y\nproperty double x\nproperty float nx\n" +
            "property double z\nproperty uint8 blue\nelement face 0\nproperty list uchar int vertex_indices\nend_header\n");
        using var file = new MemoryStream(
            [.. header, .. BitConverter.GetBytes(2.0), .. BitConverter.GetBytes(1.0), 0, 0, 0, 0, .. BitConverter.GetBytes(3.0), 200]);

        CloudPoint point = Assert.Single(PlyFile.Read(file).Points);

        Assert.Equal((1f, 2f, 3f, 200u, 1f, 65535), (point.X, point.Y, point.Z, point.Rgb, point.Confidence, point.Label));
    }

    [Fact]
    public void Pcd_FieldsOfSeveralNumbers_ArePassedOver()
    {
        byte[] header = Encoding.ASCII.GetBytes(
            "VERSION .7\nFIELDS x _ y z label\nSIZE 4 1 4 4 4\nTYPE F U F F I\nCOUNT 1 3 1 1 1\nWIDTH 1\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 1\nDATA "
                + "binary\n");
        using var file = new MemoryStream(
            [.. header, .. BitConverter.GetBytes(1f), 9, 9, 9, .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(7)]);

        CloudPoint point = Assert.Single(PcdFile.Read(file).Points);

        Assert.Equal((1f, 2f, 3f, 7), (point.X, point.Y, point.Z, point.Label));
    }

    [Theory]
    [InlineData("", "ends within its header")]
    [InlineData("plz\n", "expected 'ply'")]
    [InlineData("ply\nformat ascii 1.0\n", "found ascii; convert it first")]
    [InlineData("ply\nformat binary_little_endian 1.0\nend_header\n", "no element 'vertex'")]
    [InlineData("ply\nelement vertex -3\n", "expected a count, found '-3'")]
    [InlineData("ply\nelement vertex 3\nproperty half x\n", "expected a scalar type")]
    [InlineData("ply\nelement vertex 3\nproperty list uchar int x\n", "found a list")]
    [InlineData("ply\nelement vertex 3\nproperty float x\nend_header\n", "no column 'y'")]
    [InlineData("ply\nelement vertex 2000000000\nproperty float x\nproperty float y\nproperty float "
        + "z\nend_header\n0123456789abcd", "promises 2000000000 points and ends after 1")]
    public void Ply_BrokenFile_SaysWhatIsWrong(string content, string message)
    {
        using var file = new MemoryStream(Encoding.ASCII.GetBytes(content));
        Assert.Contains(message, Assert.Throws<MessageFormatException>(() => PlyFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH 1\nDATA ascii\n1 2 3\n", "found DATA ascii")]
    [InlineData("FIELDS x y z\nSIZE 4 4\nTYPE F F F\nWIDTH 1\nDATA binary\n", "as many SIZE")]
    [InlineData("FIELDS x y z\nSIZE 4 4 3\nTYPE F F F\nWIDTH 1\nDATA binary\n", "found F 3")]
    [InlineData("FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH 1\nHEIGHT 5\nDATA binary\n0123456789ab", "promises 5 points and ends after 1")]
    [InlineData("FIELDS x y z w\nSIZE 4 4 4 8\nTYPE F F F F\nCOUNT 1 1 1 60000\nWIDTH 1\nDATA binary\n", "at most 4096")]
    [InlineData("hello there\n", "found 'hello'")]
    public void Pcd_BrokenFile_SaysWhatIsWrong(string content, string message)
    {
        using var file = new MemoryStream(Encoding.ASCII.GetBytes(content));
        Assert.Contains(message, Assert.Throws<MessageFormatException>(() => PcdFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Property]
    public void Read_AnyBytes_GivesACloudOrAFormatError(byte[] bytes, byte cut)
    {
        using var good = new MemoryStream();
        PlyFile.Write(good, Cloud(1, 5), 5, organised: true);
        using var pcd = new MemoryStream();
        PcdFile.Write(pcd, Cloud(1, 5), 5);
        (byte[], Func<Stream, PointCloud>)[] readers = [(good.ToArray(), PlyFile.Read), (pcd.ToArray(), PcdFile.Read)];
        foreach ((byte[] file, Func<Stream, PointCloud> read) in readers)
        {
            byte[] broken = [.. file[..Math.Min(cut, file.Length)], .. bytes, .. file[Math.Min(cut + bytes.Length, file.Length)..]];
            try
            {
                PointCloud cloud = read(new MemoryStream(broken));
                Assert.Equal(cloud.Width * cloud.Height, cloud.Points.Length);
            }
            catch (MessageFormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    private static CloudPoint[] Cloud(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            bool none = random.Next(5) == 0;
            float Coordinate() => none ? float.NaN : (random.NextSingle() * 20) - 10;
            return new CloudPoint
            {
                X = Coordinate(),
                Y = Coordinate(),
                Z = Coordinate(),
                Rgb = (uint)random.Next(1 << 24),
                Confidence = random.NextSingle(),
                Label = (ushort)random.Next(65536),
            };
        })];
    }
}
