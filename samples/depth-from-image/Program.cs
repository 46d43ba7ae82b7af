using System.Reactive.Linq;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: depth-from-image PICTURE CAMERA_INFO.yaml   (writes cloud.ply here; run it from the root of the repository)");
    return 2;
}

#region readme
using var camera = CameraSource.Open(args[0], new CameraSourceOptions { Intrinsics = CalibrationFile.Read(args[1]) });
using var painter = OnnxPainter.Load(ModelPackage.Open("models/painter-s"));
await camera.Frames
    .Perceive(painter, Instruction.MetricDepth())
    .ForEachAsync(frame => PlyFile.Write("cloud.ply", frame.Points));
#endregion

return 0;
