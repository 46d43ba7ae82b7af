using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class CameraInfoYamlTests : IDisposable
{
    private const string Good = """
        image_width: 640
        image_height: 480
        camera_name: narrow_stereo
        camera_matrix:
          rows: 3
          cols: 3
          data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]
        distortion_model: plumb_bob
        distortion_coefficients:
          rows: 1
          cols: 5
          data: [-0.1, 0.02, 0.001, -0.002, 0]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-camera-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_RealKinect_GivesItsFocalLength()
    {
        CameraIntrinsics camera = CameraInfoYaml.Read(Nearby.SharedData("real/tabletop-a/camera.yaml"));

        Assert.Equal(new CameraIntrinsics(640, 480, 525, 525, 319.5, 239.5) { Name = "kinect_v1", Distortion = [0, 0, 0, 0, 0] }, camera);
        Assert.True(camera.IsPinhole);
    }

    [Fact]
    public void Parse_CalibratorFile_GivesEveryNumber()
    {
        CameraIntrinsics camera = CameraInfoYaml.Parse(Good, "camera.yaml");

        Assert.Equal(
            new CameraIntrinsics(640, 480, 500.5, 501.5, 319.5, 239.5) { Name = "narrow_stereo", Distortion = [-0.1, 0.02, 0.001, -0.002, 0] }, camera);
    }

    [Fact]
    public void Parse_MessageOfTopicEcho_IsTheSameCamera()
    {
        CameraIntrinsics camera = CameraInfoYaml.Parse(
            """
            header:
              stamp:
                sec: 1721905
                nanosec: 812004000
              frame_id: camera_optical
            height: 480
            width: 640
            distortion_model: plumb_bob
            d:
            - -0.1
            - 0.02
            - 0.001
            - -0.002
            - 0.0
            k: [500.5, 0.0, 319.5, 0.0, 501.5, 239.5, 0.0, 0.0, 1.0]
            r: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
            p: [500.5, 0.0, 319.5, 0.0, 0.0, 501.5, 239.5, 0.0, 0.0, 0.0, 1.0, 0.0]
            binning_x: 0
            binning_y: 0
            roi:
              x_offset: 0
              y_offset: 0
              height: 0
              width: 0
              do_rectify: false
            ---
            """,
            "echo.yaml");

        Assert.Equal(CameraInfoYaml.Parse(Good, "camera.yaml") with { Name = "camera_optical" }, camera);
    }

    [Theory]
    [InlineData("fisheye", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.Equidistant, 4)]
    [InlineData("equidistant", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.Equidistant, 4)]
    [InlineData("rational_polynomial", "[1, 2, 3, 4, 5, 6, 7, 8]", 8, DistortionModel.RationalPolynomial, 8)]
    [InlineData("rational_polynomial", "[1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0]", 14, DistortionModel.RationalPolynomial, 14)]
    [InlineData("rational_polynomial", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", 12, DistortionModel.RationalPolynomial, 12)]
    [InlineData("rational_polynomial", "[1, 2, 3, 4, 5, 6, 7, 8, 0, 0]", 10, DistortionModel.RationalPolynomial, 8)]
    [InlineData("plumb_bob", "[0.1, 0.2, 0.3, 0.4, 0.5, 0, 0, 0]", 8, DistortionModel.PlumbBob, 5)]
    [InlineData("equidistant", "[0.1, 0.2, 0.3, 0.4, 0]", 5, DistortionModel.Equidistant, 4)]
    [InlineData("equi", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.Equidistant, 4)]
    [InlineData("kannala_brandt4", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.Equidistant, 4)]
    [InlineData("KannalaBrandt8", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.Equidistant, 4)]
    [InlineData("Inverse Brown Conrady", "[0.1, 0.2, 0.3, 0.4, 0.5]", 5, DistortionModel.InverseBrownConrady, 5)]
    [InlineData("distortion.inverse_brown_conrady", "[0.1, 0.2, 0.3, 0.4, 0.5]", 5, DistortionModel.InverseBrownConrady, 5)]
    [InlineData("radtan", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.PlumbBob, 4)]
    [InlineData("none", "[0, 0, 0, 0, 0]", 5, DistortionModel.PlumbBob, 0)]
    [InlineData("none", "[]", 0, DistortionModel.PlumbBob, 0)]
    [InlineData("plumb_bob", "[0.1, 0.2, 0.3, 0.4]", 4, DistortionModel.PlumbBob, 4)]
    public void Parse_OtherModels_AreAccepted(string name, string data, int columns, DistortionModel model, int count)
    {
        string text = Good.Replace("plumb_bob", name, StringComparison.Ordinal)
            .Replace("[-0.1, 0.02, 0.001, -0.002, 0]", data, StringComparison.Ordinal)
            .Replace("cols: 5", $"cols: {columns}", StringComparison.Ordinal);

        CameraIntrinsics camera = CameraInfoYaml.Parse(text, "camera.yaml");

        Assert.Equal(model, camera.DistortionModel);
        Assert.Equal(count, camera.Distortion.Length);
    }

    [Fact]
    public void Parse_FiveMistakes_TellsAllWithTheirPlaces()
    {
        const string Text = """
            image_width: 640
            image_height: -3
            camera_matrix:
              rows: 3
              cols: 3
              data: [-500, 0, 700, 0, 500, 240, 0, 0, 1]
            distortion_model: plumb_bob
            distortion_coefficients:
              rows: 1
              cols: 3
              data: [0, 0, 0]
            focal: 12
            """;

        var error = Assert.Throws<ConfigurationException>(() => CameraInfoYaml.Parse(Text, "camera.yaml"));

        Assert.Contains(error.Problems, p => p is { Line: 2, Column: 15 } && p.Message.StartsWith("image_height", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Line == 4 && p.Message.Contains("fx = -500", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Line == 4 && p.Message.Contains("cx = 700", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Line == 9 && p.Message.Contains("4 or 5", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p is { Line: 12, Column: 1 } && p.Message.Contains("focal: unknown key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "data: [0, 0, 0, 0, 0, 0, 0, 0, 0]", "never calibrated")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "data: [500.5, 200, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "skew")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "data: [500.5, 0, 319.5, 0, 1501.5, 239.5, 0, 0, 1]", "factor of 2")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "data: [2.8, 0, 319.5, 0, 2.8, 239.5, 0, 0, 1]", "millimetres")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5, 239.5, 0, 0, 1]", "data: [500.5, 0, 319.5]", "expected 9 numbers, found 3")]
    [InlineData("cols: 5", "cols: 4", "data has 5 numbers")]
    [InlineData("[-0.1, 0.02, 0.001, -0.002, 0]", "[-0.1, .nan, 0.001, -0.002, 0]", "distortion_coefficients.data[1]: expected a finite number")]
    [InlineData("[-0.1, 0.02, 0.001, -0.002, 0]", "[-0.1, 0.02, 1e300, -0.002, 0]", "coefficient 3 of plumb_bob")]
    [InlineData("[-0.1, 0.02, 0.001, -0.002, 0]", "[-0.1, 0.02, -.inf, -0.002, 0]", "distortion_coefficients.data[2]")]
    [InlineData("data: [500.5, 0, 319.5", "data: [.inf, 0, 319.5", "camera_matrix.data[0]: expected a finite number")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5", "data: [1e200, 0, 319.5, 0, 1e200", "no focal length")]
    [InlineData("data: [500.5, 0, 319.5, 0, 501.5", "data: [3.6, 0, 319.5, 0, 3.6", "millimetres")]
    [InlineData("plumb_bob", "pincushion", "expected one of plumb_bob")]
    [InlineData("plumb_bob", "none", "coefficients other than 0")]
    [InlineData("image_width: 640\n", "", "image_width: missing")]
    [InlineData("camera_name: narrow_stereo", "roi: {x_offset: 600, y_offset: 0, width: 100, height: 100}", "does not lie inside")]
    [InlineData("camera_name: narrow_stereo", "binning_x: 3", "cannot be binned")]
    public void Parse_OneMistake_IsNamed(string good, string bad, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(
            () => CameraInfoYaml.Parse(Good.ReplaceLineEndings("\n").Replace(good, bad, StringComparison.Ordinal), "camera.yaml"));

        Assert.Contains(error.Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_RegionAndBinning_GiveTheCameraOfThePicturesDelivered()
    {
        CameraIntrinsics camera = CameraInfoYaml.Parse(
            Good + "\nbinning_x: 2\nbinning_y: 2\nroi: {x_offset: 40, y_offset: 20, width: 560, height: 440, do_rectify: false}\n", "camera.yaml");

        Assert.Equal((280, 220), (camera.Width, camera.Height));
        Assert.Equal(250.25, camera.Fx);
        Assert.Equal((319.5 - 40 + 0.5) / 2 - 0.5, camera.Cx, 1e-12);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        var error = Assert.Throws<ConfigurationException>(() => CameraInfoYaml.Read(Path.Combine(_folder, "none.yaml")));

        Assert.Contains("none.yaml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_IntrinsicsThatCannotBeReadBack_IsRefusedAndLeavesNoFile()
    {
        string path = Path.Combine(_folder, "camera.yaml");

        Assert.Throws<ArgumentException>(() => CameraInfoYaml.Write(path, new CameraIntrinsics(640, 480, -1, 500, 320, 240)));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [MemberData(nameof(Lenses.Names), MemberType = typeof(Lenses))]
    public void Write_EachModel_ReadsBackEqual(string model)
    {
        string path = Path.Combine(_folder, "camera.yaml");
        CameraInfoYaml.Write(path, Lenses.ByName(model));

        Assert.Equal(Lenses.ByName(model), CameraInfoYaml.Read(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Property(MaxTest = 200)]
    public bool Format_AnyCamera_ParsesBackEqual(ushort width, ushort height, uint focal, uint cx, uint cy, double[] bend, string name)
    {
        const double One = uint.MaxValue;
        int w = 2 + width, h = 2 + height;
        var camera = new CameraIntrinsics(Math.Min(w, 65535), Math.Min(h, 65535), 0, 0, 0, 0);
        double f = camera.Width * (0.1 + (5 * (focal / One)));
        DistortionModel model = (DistortionModel)(width % 3);
        double[] k = new double[model switch { DistortionModel.PlumbBob => 5, DistortionModel.RationalPolynomial => 8, _ => 4 }];
        for (int i = 0; i < Math.Min(k.Length, bend.Length); i++)
        {
            k[i] = Math.Abs(bend[i]) <= 1e6 ? bend[i] : 0;
        }

        camera = camera with
        {
            Fx = f,
            Fy = f * 1.1,
            Cx = (camera.Width - 1) * (0.01 + (0.98 * (cx / One))),
            Cy = (camera.Height - 1) * (0.01 + (0.98 * (cy / One))),
            Name = string.IsNullOrEmpty(name) ? "camera" : new string([.. name.Where(c => !char.IsSurrogate(c))]) + "x",
            DistortionModel = model,
            Distortion = [.. k],
        };
        return CameraInfoYaml.Parse(CameraInfoYaml.Format(camera), "camera.yaml").Equals(camera);
    }
}
