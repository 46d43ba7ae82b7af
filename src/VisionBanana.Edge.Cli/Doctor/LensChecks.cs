using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.OpenCv.Calibration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>
/// Whether a camera still is what its calibration says: straight edges of its live pictures must bend as the lens does, and be as sharp as they were.
/// </summary>
internal static class LensChecks
{
    private const string Name = "lens", FocusName = "focus";
    private const int Pictures = 12;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8), Apart = TimeSpan.FromMilliseconds(250);

    public static IEnumerable<Check> Run(CameraEntry camera)
    {
        return camera.Calibration is null ? [] : Examine(camera);
    }

    private static Check[] Examine(CameraEntry camera)
    {
        try
        {
            using ICameraSource source = CameraOpener.Open(
                camera with { Source = camera.Source with { Options = camera.Source.Options with { Loop = false } } }, NullLogger.Instance);
            if (source.Intrinsics is not { } intrinsics)
            {
                return [new Check(Name, CheckStatus.Missing, "the pictures have no calibration", null)];
            }

            var check = new LensCheck(intrinsics);
            var focus = new FocusCheck();
            Look(source, check, focus);
            return [Told(check), Told(focus)];
        }
        catch (VisionBananaException e)
        {
            return [new Check(Name, CheckStatus.Missing, "no picture to compare the calibration with", e.Message)];
        }
    }

    /// <summary>Looks at some pictures, apart in time so that a live camera shows more than one scene.</summary>
    private static void Look(ICameraSource source, LensCheck check, FocusCheck focus)
    {
        using var ended = new ManualResetEventSlim();
        long last = 0;
        Exception? failed = null;
        void See(CameraFrame frame)
        {
            if (ended.IsSet || (source.IsLive && last != 0 && TimeProvider.System.GetElapsedTime(last) < Apart))
            {
                return;
            }

            last = TimeProvider.System.GetTimestamp();
            check.Add(frame);
            focus.Add(frame);
            if (check.Pictures == Pictures)
            {
                ended.Set();
            }
        }

        using (source.Frames.Subscribe(See, e =>
        {
            failed = e;
            ended.Set();
        }, ended.Set))
        {
            ended.Wait(Limit);
        }

        if (check.Pictures == 0)
        {
            throw failed as VisionBananaException ?? new CameraException($"{source.Description} gave no picture within {Limit.TotalSeconds:0} s.");
        }
    }

    private static Check Told(LensCheck check)
    {
        string seen = string.Create(CultureInfo.InvariantCulture, $"{check.Edges} edges in {check.Pictures} pictures");
        if (check.Bend is not { } bend)
        {
            return new Check(
                Name, CheckStatus.Well, $"cannot be compared: {seen} bend enough", "a lens that hardly bends, or a scene with few long straight edges; "
                    + "'vbedge calibration show' draws it for the eye");
        }

        string found = string.Create(
            CultureInfo.InvariantCulture, $"straight edges bend {bend:0.00} ± {check.Uncertainty:0.00} times as the calibration says ({seen})");
        return check.Fits == true
            ? Check.Well(Name, found)
            : new Check(
                Name, CheckStatus.Problem, found, "the calibration no longer fits: focus or zoom changed, or it belongs to another camera; fix the focus "
                    + "(v4l2-ctl -c focus_automatic_continuous=0) and calibrate again");
    }

    private static Check Told(FocusCheck check)
    {
        if (check.BlurPx is not { } blur)
        {
            return new Check(FocusName, CheckStatus.Well, $"cannot be judged: {check.Edges} places on edges in {check.Pictures} pictures", "point it at "
                + "something with edges, by day");
        }

        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"the sharpest edges are blurred by {blur:0.0} px ({check.Pictures} pictures; up to {check.MostBlurPx:0.0} is sharp)");
        return check.IsSharp == true
            ? Check.Well(FocusName, found)
            : new Check(
                FocusName, CheckStatus.Missing, found, "out of focus, a dirty lens, or a camera that moves: clean it, set the focus and fix it (v4l2-ctl -c "
                    + "focus_automatic_continuous=0), then calibrate again: a calibration belongs to one focus");
    }
}
