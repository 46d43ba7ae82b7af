using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;

namespace VisionBanana.Edge.Tests.Calibration.Formats;

/// <summary>One camera (640×480, fx 500, fy 501, cx 320.25, cy 240.75, k −0.2 0.05 0.001 −0.002) as files of the field write it.</summary>
public sealed class CalibrationDialectsTests
{
    public static TheoryData<string, string> Dialects => new()
    {
        { "ros", "image_width: 640\nimage_height: 480\ncamera_name: narrow_stereo\ncamera_matrix:\n  rows: 3\n  cols: 3\n  data: [500, 0, "
            + "320.25, 0, 501, 240.75, "
            + "0, 0, 1]\ndistortion_model: plumb_bob\ndistortion_coefficients:\n  rows: 1\n  cols: 5\n  data: [-0.2, 0.05, 0.001, -0.002, 0]\n"
            + "rectification_matrix:\n  rows: 3\n  cols: 3\n  data: [1, 0, 0, 0, 1, 0, 0, 0, 1]\n"
            + "projection_matrix:\n  rows: 3\n  cols: 4\n  data: [480, 0, 320.25, 0, 0, 481, 240.75, 0, 0, 0, 1, 0]\n" },
        { "ros", "header:\n  stamp:\n    sec: 1700000000\n    nanosec: 12\n  frame_id: cam\nheight: 480\nwidth: 640\n"
            + "distortion_model: plumb_bob\nd:\n- -0.2\n"
            + "- 0.05\n- 0.001\n- -0.002\n- 0.0\nk:\n- 500.0\n- 0.0\n- 320.25\n- 0.0\n- 501.0\n- 240.75\n- 0.0\n- 0.0\n- 1.0\nr:\n- 1.0\n- 0.0\n- 0.0\n"
            + "- 0.0\n- 1.0\n- 0.0\n- 0.0\n- 0.0\n- 1.0\np:\n- 480.0\n- 0.0\n- 320.25\n- 0.0\n- 0.0\n- 481.0\n- 240.75\n- 0.0\n- 0.0\n- 0.0\n- 1.0\n- 0.0\n"
            + "binning_x: 0\nbinning_y: 0\nroi:\n  x_offset: 0\n  y_offset: 0\n  height: 0\n  width: 0\n  do_rectify: false\n---\n" },
        { "ros", "header: \n  seq: 17\n  stamp: \n    secs: 1\n    nsecs: 2\n  frame_id: \"cam\"\nheight: 480\nwidth: 640\ndistortion_model: \"plumb_bob\"\n"
            + "D: [-0.2, 0.05, 0.001, -0.002, 0.0]\nK: [500.0, 0.0, 320.25, 0.0, 501.0, 240.75, 0.0, 0.0, 1.0]\nR: [1.0, 0.0, 0.0, 0.0, "
            + "1.0, 0.0, 0.0, 0.0, 1.0]\n"
            + "P: [480.0, 0.0, 320.25, 0.0, 0.0, 481.0, 240.75, 0.0, 0.0, 0.0, 1.0, 0.0]\nbinning_x: 0\nbinning_y: 0\nroi: \n  x_offset: 0\n  y_offset: 0\n"
            + "  height: 0\n  width: 0\n  do_rectify: False\n---\n" },
        { "ros", "{\"header\": {\"stamp\": {\"sec\": 1, \"nsec\": 2}, \"frame_id\": \"cam\"}, \"height\": 480, \"width\": 640, "
            + "\"distortion_model\": \"plumb_bob\", "
            + "\"D\": [-0.2, 0.05, 0.001, -0.002, 0], \"K\": [500, 0, 320.25, 0, 501, 240.75, 0, 0, 1], \"R\": [1, 0, 0, 0, 1, 0, 0, 0, 1], "
            + "\"P\": [480, 0, 320.25, 0, 0, 481, 240.75, 0, 0, 0, 1, 0], \"binning_x\": 0, \"binning_y\": 0, "
            + "\"roi\": {\"x_offset\": 0, \"y_offset\": 0, \"height\": 0, \"width\": 0, \"do_rectify\": false}}" },
        { "opencv", "%YAML:1.0\n---\ncalibration_time: \"Thu 01 Jan\"\nnframes: 13\nimage_width: 640\nimage_height: 480\nboard_width: 9\nflags: 0\n"
            + "camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: [ 5.0000000000000000e+02, 0., 3.2025000000000000e+02, 0.,\n"
            + "       5.0100000000000000e+02, 2.4075000000000000e+02, 0., 0., 1. ]\ndistortion_coefficients: !!opencv-matrix\n   rows: 5\n"
            + "   cols: 1\n   dt: d\n"
            + "   data: [ -2.0000000000000001e-01, 5.0000000000000003e-02,\n       1.0000000000000000e-03, -2.0000000000000000e-03, 0. ]\n"
            + "avg_reprojection_error: 3.9e-01\n" },
        { "opencv", "{\n\t\"image_width\": 640, \"image_height\": 480,\n\t\"camera_matrix\": {\"type_id\": \"opencv-matrix\", \"rows\": 3, "
            + "\"cols\": 3, \"dt\": \"d\", "
            + "\"data\": [500.0, 0.0, 320.25, 0.0, 501.0, 240.75, 0.0, 0.0, 1.0]},\n"
            + "\t\"distortion_coefficients\": {\"type_id\": \"opencv-matrix\", \"rows\": 1, "
            + "\"cols\": 5, \"dt\": \"d\", \"data\": [-0.2, 0.05, 0.001, -0.002, 0.0]}\n}\n" },
        { "opencv-xml", "<?xml version=\"1.0\"?>\n<opencv_storage>\n<!-- made by a sample -->\n<image_Width>640</image_Width>\n"
            + "<image_Height>480</image_Height>\n"
            + "<Camera_Matrix type_id=\"opencv-matrix\">\n  <rows>3</rows>\n  <cols>3</cols>\n  <dt>d</dt>\n  <data>\n"
            + "    500. 0. 320.25 0. 501. 240.75 0. 0. 1.\n"
            + "  </data></Camera_Matrix>\n<Distortion_Coefficients type_id=\"opencv-matrix\">\n  <rows>5</rows>\n  <cols>1</cols>\n  <dt>d</dt>\n"
            + "  <data>\n    -2.0e-01 5.0e-02 1.0e-03 -2.0e-03 0.</data></Distortion_Coefficients>\n</opencv_storage>\n" },
        { "kalibr", "cam0:\n  T_cam_imu:\n  - [0.0, 1.0, 0.0, 0.01]\n  - [-1.0, 0.0, 0.0, 0.02]\n  - [0.0, 0.0, 1.0, 0.03]\n  - [0.0, 0.0, 0.0, 1.0]\n"
            + "  cam_overlaps: []\n  camera_model: pinhole\n  distortion_coeffs: [-0.2, 0.05, 0.001, -0.002]\n  distortion_model: radtan\n"
            + "  intrinsics: [500.0, 501.0, 320.25, 240.75]\n  resolution: [640, 480]\n  rostopic: /cam0/image_raw\n  timeshift_cam_imu: 0.0042\n" },
        { "euroc", "# General sensor definitions.\nsensor_type: camera\ncomment: VI-Sensor cam0 (MT9M034)\n\n"
            + "# Sensor extrinsics wrt. the body-frame.\nT_BS:\n"
            + "  cols: 4\n  rows: 4\n  data: [0.0, -1.0, 0.0, -0.02,\n         1.0, 0.0, 0.0, -0.06,\n         0.0, 0.0, 1.0, 0.01,\n"
            + "         0.0, 0.0, 0.0, 1.0]\n\n"
            + "rate_hz: 20\nresolution: [640, 480]\ncamera_model: pinhole\nintrinsics: [500, 501, 320.25, 240.75] #fu, fv, cu, cv\n"
            + "distortion_model: radial-tangential\ndistortion_coefficients: [-0.2, 0.05, 0.001, -0.002]\n" },
        { "orbslam3", "%YAML:1.0\n\n#---\n# Camera Parameters. Adjust them!\nFile.version: \"1.0\"\nCamera.type: \"PinHole\"\n"
            + "Camera1.fx: 500.0\nCamera1.fy: 501.0\n"
            + "Camera1.cx: 320.25\nCamera1.cy: 240.75\nCamera1.k1: -0.2\nCamera1.k2: 0.05\nCamera1.p1: 0.001\nCamera1.p2: -0.002\nCamera.width: 640\n"
            + "Camera.height: 480\nCamera.newWidth: 600\nCamera.fps: 20\nCamera.RGB: 1\nIMU.NoiseGyro: 1.7e-4\nORBextractor.nFeatures: 1000\n" },
        { "basalt", "{\n    \"value0\": {\n        \"T_imu_cam\": [{\"px\": 0, \"py\": 0, \"pz\": 0, \"qx\": 0, \"qy\": 0, \"qz\": 0, \"qw\": 1}],\n"
            + "        \"intrinsics\": [{\"camera_type\": \"pinhole-radtan4\", \"intrinsics\": {\"fx\": 500, \"fy\": 501, \"cx\": 320.25, \"cy\": 240.75, "
            + "\"k1\": -0.2, \"k2\": 0.05, \"p1\": 0.001, \"p2\": -0.002}}],\n        \"resolution\": [[640, 480]],\n        \"calib_accel_bias\": [0, 0],\n"
            + "        \"imu_update_rate\": 200.0, \"vignette\": []\n    }\n}" },
        { "depthai", "{\"batchName\": \"\", \"boardName\": \"X\", \"cameraData\": [[0, {\"cameraType\": 0, \"distortionCoeff\": [-0.2, "
            + "0.05, 0.001, -0.002, 0, 0, 0, 0, "
            + "0, 0, 0, 0, 0, 0], \"extrinsics\": {\"rotationMatrix\": [], \"specTranslation\": {\"x\": 0, \"y\": 0, \"z\": 0}, \"toCameraSocket\": -1, "
            + "\"translation\": {\"x\": 0, \"y\": 0, \"z\": 0}}, \"height\": 480, \"intrinsicMatrix\": [[500, 0, 320.25], [0, 501, 240.75], [0, 0, 1]], "
            + "\"lensPosition\": 135, \"specHfovDeg\": 68.8, \"width\": 640}]], \"version\": 6}" },
        { "realsense", "{\"color\": {\"width\": 640, \"height\": 480, \"ppx\": 320.25, \"ppy\": 240.75, \"fx\": 500, \"fy\": 501, \"model\": "
            + "\"Brown Conrady\", \"coeffs\": [-0.2, 0.05, 0.001, -0.002, 0]}}" },
        { "colmap", "# Camera list with one line of data per camera:\r\n#   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]\r\n# Number of cameras: 1\r\n"
            + "1 OPENCV 640 480 500 501 320.75 241.25 -0.2 0.05 0.001 -0.002\r\n" },
        { "nerfstudio", "{\"w\": 640.0, \"h\": 480.0, \"fl_x\": 500, \"fl_y\": 501, \"cx\": 320.75, \"cy\": 241.25, \"k1\": -0.2, "
            + "\"k2\": 0.05, \"p1\": 0.001, "
            + "\"p2\": -0.002, \"k3\": 0, \"k4\": 0, \"is_fisheye\": false, \"camera_angle_x\": 1.1383, \"camera_angle_y\": 0.89, \"aabb_scale\": 16, "
            + "\"frames\": [{\"file_path\": \"images/1.jpg\", \"transform_matrix\": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]}]}" },
        { "matlab", "  cameraIntrinsics with properties:\n\n             FocalLength: [500 501]\n          PrincipalPoint: [321.2500 241.7500]\n"
            + "               ImageSize: [480 640]\n        RadialDistortion: [-0.2000 0.0500]\n    TangentialDistortion: [0.001 -0.002]\n"
            + "                    Skew: 0\n                       K: [3×3 double]\n" },
        { "matlab", "% Intrinsic and Extrinsic Camera Parameters\n\n%-- Focal length:\nfc = [ 500.000000000000000 ; 501.000000000000000 ];\n"
            + "\n%-- Principal point:\n"
            + "cc = [ 320.250000000000000 ; 240.750000000000000 ];\n\n%-- Skew coefficient:\nalpha_c = 0.000000000000000;\n\n%-- Distortion coefficients:\n"
            + "kc = [ -0.200000000000000 ; 0.050000000000000 ; 0.001000000000000 ; -0.002000000000000 ; 0.000000000000000 ];\n\nfc_error = [ 0.3 ; 0.4 ];\n"
            + "nx = 640;\nny = 480;\nn_ima = 20;\n" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Parse_DialectThatCirculates_IsTheSameCamera(string format, string text)
    {
        CalibrationSet set = CalibrationFile.Parse(Encoding.UTF8.GetBytes(text), "camera.file");
        CalibrationSet marked = CalibrationFile.Parse([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))], "camera.file");

        Assert.Equal(format, set.Format);
        CameraIntrinsics camera = Assert.Single(set.Cameras).Intrinsics;
        Assert.Equal((640, 480, 500, 501, 0), (camera.Width, camera.Height, camera.Fx, camera.Fy, camera.Skew));
        Assert.Equal(320.25, camera.Cx, 1e-9);
        Assert.Equal(240.75, camera.Cy, 1e-9);
        Assert.Equal(DistortionModel.PlumbBob, camera.DistortionModel);
        Assert.Equal([-0.2, 0.05, 0.001, -0.002], camera.Distortion.Take(4));
        Assert.True(camera.Distortion.Length == 4 || camera.Distortion[4] == 0);
        Assert.Equal(camera, Assert.Single(marked.Cameras).Intrinsics);
    }

    [Theory]
    [InlineData("image_width: 640\nimage_width: 320\nimage_height: 480\n", "camera.yaml:2")]
    [InlineData("data: [500, 0, 320, 0, 500, 240, 0, 0]", "camera_matrix")]
    [InlineData("data: [500, 0, 320, 0, 500, 240, 0, 0, 2]", "expected [fx, skew, cx, 0, fy, cy, 0, 0, 1]")]
    [InlineData("data: [500, 0, 0, 0, 500, 0, 320, 240, 1]", "row by row")]
    [InlineData("data: [500, 0, 320, 0, 1500, 240, 0, 0, 1]", "factor of 2")]
    [InlineData("data: [500, 0, 320, 0, 500, 900, 0, 0, 1]", "cy = 900 lies outside")]
    [InlineData("data: [\"500\", 0, 320, 0, five, 240, 0, 0, 1]", "found 'five'")]
    [InlineData("distortion_model: plumb_bob\ndistortion_coefficients: {rows: 1, cols: 8, data: [1, 2, 3, 4, 5, 6, 7, 8]}", "rational_polynomial")]
    [InlineData("distortion_model: plumb_bob\ndistortion_coefficients: {rows: 1, cols: 5, data: [0, 0, 0, 0]}", "distortion_coefficients")]
    [InlineData("distortion_model: polynomial_of_mine\ndistortion_coefficients: {rows: 1, cols: 2, data: [0, 0]}", "polynomial_of_mine")]
    [InlineData("distortion_model: none\ndistortion_coefficients: {rows: 1, cols: 2, data: [0.1, 0]}", "name their model")]
    [InlineData("cammera_matrix: 5", "cammera_matrix")]
    public void Parse_ContradictoryRosFile_IsToldWithItsLine(string change, string expected)
    {
        string text = "image_width: 640\nimage_height: 480\ncamera_name: c\ncamera_matrix: {rows: 3, cols: 3, data: [500, 0, 320, 0, 500, 240, 0, 0, 1]}\n"
            + "distortion_model: plumb_bob\ndistortion_coefficients: {rows: 1, cols: 5, data: [0, 0, 0, 0, 0]}\n";
        text = change.StartsWith("image_width", StringComparison.Ordinal) ? change + text[(text.IndexOf("camera_name", StringComparison.Ordinal))..]
            : change.StartsWith("data", StringComparison.Ordinal) ?
                text.Replace("data: [500, 0, 320, 0, 500, 240, 0, 0, 1]", change, StringComparison.Ordinal)
            : change.StartsWith("distortion", StringComparison.Ordinal) ? text[..text.IndexOf("distortion_model", StringComparison.Ordinal)] + change + "\n"
            : text + change + "\n";

        var error = Assert.Throws<ConfigurationException>(() => CalibrationFile.Parse(Encoding.UTF8.GetBytes(text), "camera.yaml"));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Matches(@"camera\.yaml:\d+", error.Message);
    }

    [Theory]
    [InlineData("kalibr", "[640, 480]", "[640]")]
    [InlineData("kalibr", "camera_model: pinhole", "camera_model: pinhole2")]
    [InlineData("kalibr", "distortion_model: radtan", "distortion_model: equidistant\n  distorsion: 1")]
    [InlineData("euroc", "camera_model: pinhole", "camera_model: omni")]
    [InlineData("euroc", "[500, 501, 320.25, 240.75]", "[500, 501, 320.25]")]
    [InlineData("orbslam3", "Camera.type: \"PinHole\"", "Camera.type: \"Fisheye62\"")]
    [InlineData("orbslam3", "Camera.width: 640\n", "")]
    [InlineData("orbslam3", "Camera1.k1: -0.2", "Camera1.k1: -0.2\nCamera1.k9: 1")]
    [InlineData("basalt", "pinhole-radtan4", "pinhole-radtan5")]
    [InlineData("basalt", "[[640, 480]]", "[[640, 480], [640, 480]]")]
    [InlineData("depthai", "\"width\": 640", "\"width\": 0.5")]
    [InlineData("depthai", "[0, 501, 240.75]", "[0, 501]")]
    [InlineData("realsense", "Brown Conrady", "Brown Conrady of mine")]
    [InlineData("realsense", "\"ppy\": 240.75, ", "")]
    [InlineData("colmap", "-0.2 0.05 0.001 -0.002", "-0.2 0.05 0.001 -0.002 0.1")]
    [InlineData("colmap", "OPENCV", "OPENCVX")]
    [InlineData("nerfstudio", "\"is_fisheye\": false", "\"camera_model\": \"EQUIRECTANGULAR\"")]
    [InlineData("nerfstudio", "\"h\": 480.0, ", "")]
    [InlineData("matlab", "FocalLength: [500 501]", "FocalLength: [500 501 3]")]
    [InlineData("matlab", "ImageSize: [480 640]", "ImageSize: [480 fff]")]
    [InlineData("opencv-xml", "<image_Width>640</image_Width>", "")]
    [InlineData("opencv-xml", "<rows>3</rows>", "<rows>4</rows>")]
    [InlineData("opencv", "\"rows\": 3", "\"rows\": 2")]
    public void Parse_ContradictionInAnyFormat_IsRefusedWithItsPlace(string format, string before, string after)
    {
        string text = Dialects.Select(row => row.Data).First(d => d.Item1 == format && d.Item2.Contains(before, StringComparison.Ordinal)).Item2;

        var error = Assert.Throws<ConfigurationException>(
            () => CalibrationFile.Parse(Encoding.UTF8.GetBytes(text.Replace(before, after, StringComparison.Ordinal)), "camera.file"));

        Assert.Matches(@"camera\.file(:\d+)?", error.Message);
    }
}
