using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;

namespace VisionBanana.Edge.Tests.Calibration.Formats;

public sealed class CalibrationFileTests
{
    private const string Bomb = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
        + "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
        + "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\ncamera_matrix: [*f]\n";

    public static TheoryData<string, string> FormatsAndLenses
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string format in CalibrationFile.FormatNames)
            {
                foreach (string lens in Lenses.Names.Select(row => row.Data))
                {
                    data.Add(format, lens);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> FormatNames => [.. CalibrationFile.FormatNames];

    [Theory]
    [MemberData(nameof(FormatsAndLenses))]
    public void Format_EveryModelThatItHolds_ReadsBackAsTheSameRays(string format, string lens)
    {
        CameraIntrinsics camera = Fitting(format, Lenses.ByName(lens));
        byte[] content;
        try
        {
            content = CalibrationFile.Format([new CalibratedCamera(camera)], format);
        }
        catch (ConfigurationException e)
        {
            // What a format has no place for it refuses by name.
            Assert.Matches("has places for|no place for skew|formats that have: ros", e.Message);
            return;
        }

        CalibrationSet read = CalibrationFile.Parse(content, "camera");

        Assert.Equal(format, read.Format);
        CameraIntrinsics back = Assert.Single(read.Cameras).Intrinsics;
        Assert.Equal((camera.Width, camera.Height), (back.Width, back.Height));
        foreach ((double x, double y) in ((double, double)[])[(0, 0), (0.3, -0.2), (-0.25, 0.31), (0.4, 0.4)])
        {
            Assert.Equal(camera.Project(x, y).X, back.Project(x, y).X, 1e-9);
            Assert.Equal(camera.Project(x, y).Y, back.Project(x, y).Y, 1e-9);
        }
    }

    [Theory]
    [InlineData("fisheye-with-skew.yaml")]
    [InlineData("opencv-sample-output.yml")]
    public void Read_FilesOfTheField_AreUnderstood(string name)
    {
        CameraIntrinsics camera = CalibrationFile.Read(Nearby.SharedData($"field/{name}"));

        Assert.Equal(640, camera.Width);
        Assert.Equal(name.StartsWith("fisheye", StringComparison.Ordinal) ? -0.8 : 0, camera.Skew);
    }

    [Fact]
    public void Read_ReferenceOfTheBoards_IsOpenCvs()
    {
        CameraIntrinsics camera = CalibrationFile.Read(Nearby.SharedData("boards/left_intrinsics.yml"));

        Assert.Equal(535.9, camera.Fx, 0.1);
        Assert.Equal(5, camera.Distortion.Length);
    }

    [Theory]
    [InlineData("millimetres.yaml", "millimetres")]
    public void Read_SuspiciousFilesOfTheField_AreRefused(string name, string expected) => Assert.Contains(
        expected, Assert.Throws<ConfigurationException>(() => CalibrationFile.Read(Nearby.SharedData($"field/{name}"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(
        Bomb, "repeated ones counted")]
    [InlineData("camera_matrix: &a [*a]\n", "complete before it")]
    [InlineData("image_width: 5\nimage_height: 5\n", "no calibration of a known format: found the keys image_width, image_height")]
    [InlineData("hello world, this is text\n", "expected a mapping")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><opencv_storage>&b;</opencv_storage>", "DTD")]
    [InlineData("<?xml version=\"1.0\"?><opencv_storage><camera_matrix>", "XML")]
    [InlineData("[LEFT_CAM_HUGE]\nfx=1\n", "HUGE is not known")]
    [InlineData("1 THIN_PRISM_FISHEYE 640 480 500 500 320 240 0 0 0 0 0 0 0 0\n", "has no equal here")]
    [InlineData("1 OPENCV 640 480 500 500 320 240 0 0 0\n", "has 8 parameters, found 7")]
    [InlineData("1 OPENCV 640 480 500 nan 320 240 0 0 0 0\n", "finite parameters")]
    [InlineData("fc = [ 500 ; NaN ];\ncc = [ 320 ; 240 ];\nnx = 640;\nny = 480;\n", "finite number")]
    [InlineData(
        "cam0: {camera_model: pinhole, intrinsics: [500, 500, 320, 240], distortion_model: radtan, distortion_coeffs: [0, 0, 0], resolution: [640, 480]}\n",
        "cam0.distortion_coeffs")]
    [InlineData("cam0: {camera_model: ds, intrinsics: [2.5, 0.5, 500, 500, 320, 240], distortion_model: none, distortion_coeffs: [], resolution: [640, 480]}\n",
        "xi is 2.5")]
    [InlineData(
        "{\"width\": 640, \"height\": 480, \"ppx\": 320, \"ppy\": 240, \"fx\": 600, \"fy\": 600, "
        + "\"model\": \"distortion.modified_brown_conrady\", \"coeffs\": [0.1, 0, 0.01, 0, 0]}", "tangential")]
    [InlineData("camera_matrix: [[500, 0, 320], [0, 500, 240], [0, 0, 1]]\ndist_coeff: [[0, 0, 0, 0, 0]]\n", "without the size of its pictures")]
    public void Parse_WhatIsNoCalibration_IsRefusedWithItsReason(string text, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => CalibrationFile.Parse(Encoding.UTF8.GetBytes(text), "camera.file"));

        Assert.Contains("camera.file", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused() => Assert.Contains(
        "deep", Assert.Throws<ConfigurationException>(
            () => CalibrationFile.Parse(Encoding.UTF8.GetBytes("a: " + new string('[', 100_000)), "deep.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AliasOfAFewNumbers_IsRead()
    {
        const string Text = "cam0: {camera_model: pinhole, intrinsics: &i [500, 500, 320, 240], distortion_model: none, resolution: &r [640, 480]}\n"
            + "cam1: {camera_model: pinhole, intrinsics: *i, distortion_model: none, resolution: *r}\n";

        Assert.Equal(2, CalibrationFile.Parse(Encoding.UTF8.GetBytes(Text), "camchain.yaml").Cameras.Count);
    }

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Parse_DamagedFiles_EndInOurErrorOrASoundCamera(string format)
    {
        byte[] good = CalibrationFile.Format([new CalibratedCamera(Fitting(format, Plain))], format);
        var random = new Random(17);
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = [.. good];
            switch (i % 4)
            {
                case 0:
                    bad = bad[..random.Next(bad.Length)];
                    break;
                case 1:
                    bad[random.Next(bad.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    int at = random.Next(bad.Length), length = random.Next(Math.Min(40, bad.Length - at));
                    bad = [.. bad[..at], .. bad[at..(at + length)], .. bad[at..]];
                    break;
                default:
                    for (int k = 0; k < 6; k++)
                    {
                        bad[random.Next(bad.Length)] = (byte)"[]{}:&*#\"'\n<>-,"[random.Next(15)];
                    }

                    break;
            }

            try
            {
                foreach (CalibratedCamera camera in CalibrationFile.Parse(bad, "damaged").Cameras)
                {
                    Assert.InRange(camera.Intrinsics.Fx, 1e-3, 1e7);
                    Assert.False(double.IsInfinity(camera.Intrinsics.Unproject(1, 1).SlopeX));
                }
            }
            catch (ConfigurationException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void Read_SeveralCameras_AsksWhichAndTakesItByName()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("vbedge-chain-").FullName, "camchain.yaml");
        CalibrationFile.Write(
            path, [new CalibratedCamera(Plain),
                new CalibratedCamera(Lenses.Equidistant) { Pose = new CameraPose("left", [1, 0, 0, 0.1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]) }], "kalibr");

        Assert.Contains(
            "cam0 (640×480), cam1 (848×800)", Assert.Throws<ConfigurationException>(() => CalibrationFile.Read(path)).Message, StringComparison.Ordinal);
        Assert.Equal(848, CalibrationFile.Read(path + "#cam1").Width);
        Assert.Equal(640, CalibrationFile.Read(path, (640, 480)).Width);
        Assert.Throws<ConfigurationException>(() => CalibrationFile.Read(path + "#cam7"));
    }

    [Fact]
    public void Format_ModelWithoutAPlace_NamesFormatsThatHaveOne() => Assert.Contains(
        "formats that have: ros, kalibr, basalt",
        Assert.Throws<ConfigurationException>(() => CalibrationFile.Format([new CalibratedCamera(Lenses.ByName("double_sphere"))], "euroc")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Format_PoseOfTheSecondCamera_SurvivesEachFormatThatHasOne()
    {
        CameraIntrinsics second = Fitting("zed", Plain) with { Name = "right_hd" }, first = second with { Name = "left_hd" };
        var pose = new CameraPose("", [0.99875026, 0, 0.04997917, 0.12, 0, 1, 0, 0.001, -0.04997917, 0, 0.99875026, 0.002, 0, 0, 0, 1]);
        (string Format, string First, string Second, string Reference)[] cases =
            [("kalibr", "cam0", "cam1", "cam0"), ("opencv", "left", "right", "left"), ("opencv-xml", "left", "right", "left"),
                ("depthai", "socket1", "socket2", "socket1"), ("orbslam3", "Camera1", "Camera2", "Camera1")];
        foreach ((string format, string firstName, string secondName, string reference) in cases)
        {
            byte[] content = CalibrationFile.Format(
                [new CalibratedCamera(first with { Name = firstName }),
                    new CalibratedCamera(second with { Name = secondName }) { Pose = pose with { Reference = reference } }], format);

            CameraPose back = CalibrationFile.Parse(content, format).Cameras[1].Pose!;

            Assert.Equal(reference, back.Reference);
            Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(pose.Matrix[i], back.Matrix[i], 1e-7));
        }
    }

    private static readonly CameraIntrinsics Plain = Lenses.PlumbBob with { Distortion = Lenses.PlumbBob.Distortion[..4] };

    private static CameraIntrinsics Fitting(string format, CameraIntrinsics camera) => format == "zed" ? camera.Resized(1280, 720) : camera;
}
