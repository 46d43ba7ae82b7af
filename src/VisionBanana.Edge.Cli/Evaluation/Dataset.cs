using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// Calibrated pictures with true depth in a folder: <c>camera.yaml</c>, <c>rgb/*.{jpg,png}</c>, <c>depth/*.png</c>, and optionally
/// <c>labels/*.png</c>, <c>masks/*.png</c> and <c>dataset.yaml</c> (<see cref="DatasetSettings"/>). Files of one picture share their name.
/// </summary>
internal sealed class Dataset
{
    private const int MostProblems = 20;

    private Dataset(string folder, CameraIntrinsics camera, DatasetSettings settings, IReadOnlyList<DatasetPicture> pictures)
    {
        (Folder, Camera, Settings, Pictures) = (folder, camera, settings, pictures);
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
    }

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>The folder as the user named it.</summary>
    public string Folder { get; }

    /// <summary>The calibration of every picture.</summary>
    public CameraIntrinsics Camera { get; }

    /// <summary>What the files mean.</summary>
    public DatasetSettings Settings { get; }

    /// <summary>The pictures by name.</summary>
    public IReadOnlyList<DatasetPicture> Pictures { get; }

    /// <summary>True when there are true labels.</summary>
    public bool HasLabels => Pictures[0].Labels is not null;

    /// <summary>Opens datasets and reads every file once, so that whatever is wrong with them is told before the first picture is perceived.</summary>
    /// <param name="folders">The datasets.</param>
    /// <param name="progress">Told the file that is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ConfigurationException">Everything that is wrong with any of them.</exception>
    public static IReadOnlyList<Dataset> Open(IEnumerable<string> folders, Action<string> progress, CancellationToken cancellationToken)
    {
        var problems = new List<ConfigurationProblem>();
        var datasets = new List<Dataset>();
        foreach (string folder in folders)
        {
            var own = new List<ConfigurationProblem>();
            if (Open(folder, own) is { } dataset)
            {
                dataset.Check(own, progress, cancellationToken);
                datasets.Add(dataset);
            }

            problems.AddRange(own.Take(MostProblems));
            if (own.Count > MostProblems)
            {
                problems.Add(new ConfigurationProblem(folder, 0, 0, $"and {own.Count - MostProblems} problems more"));
            }
        }

        return problems.Count == 0 ? datasets : throw new ConfigurationException(problems);
    }

    /// <summary>Reads a picture; dispose it.</summary>
    public CameraFrame ReadColour(DatasetPicture picture)
    {
        CameraFrame frame = PictureFile.Read(picture.Colour, Camera);
        frame.FrameId = "camera_optical";
        return frame;
    }

    /// <summary>Reads what is true of a picture, at the size of the picture.</summary>
    public PictureTruth ReadTruth(DatasetPicture picture)
    {
        ushort[] stored = PictureFile.ReadGrey(picture.Depth, out _, out _);
        ushort[] mask = picture.Mask is null ? [] : PictureFile.ReadGrey(picture.Mask, out _, out _);
        ushort[] labels = picture.Labels is null ? [] : PictureFile.ReadGrey(picture.Labels, out _, out _);
        float[] depth = new float[stored.Length];
        for (int i = 0; i < depth.Length; i++)
        {
            double metres = stored[i] * Settings.DepthScale;
            depth[i] = metres > Settings.MinDepthM && metres < Settings.MaxDepthM && IsMeasured(mask, i) ? (float)metres : float.NaN;
        }

        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = IsMeasured(mask, i) ? labels[i] : LabelPlane.Unknown;
            if (Settings.Labels == LabelKind.Instances && labels[i] >= Settings.IdStep && labels[i] != LabelPlane.Unknown)
            {
                labels[i] = (ushort)(labels[i] / Settings.IdStep * Settings.IdStep);
            }
        }

        return new PictureTruth(depth, labels);
    }

    private static bool IsMeasured(ushort[] mask, int pixel) => mask.Length == 0 || mask[pixel] != 0;

    private static Dataset? Open(string folder, List<ConfigurationProblem> problems)
    {
        void Problem(string path, string message) => problems.Add(new ConfigurationProblem(path, 0, 0, message));
        if (!Directory.Exists(folder))
        {
            Problem(folder, File.Exists(folder) ? "expected the folder of a dataset, found a file" : "there is no such folder");
            return null;
        }

        CameraIntrinsics? camera = TryRead(problems, () => CalibrationFile.Read(Path.Combine(folder, "camera.yaml")));
        string settingsFile = Path.Combine(folder, DatasetSettings.FileName);
        DatasetSettings? settings = !File.Exists(settingsFile) ? new DatasetSettings() : TryRead(problems, () =>
        {
            YamlSection root = YamlFile.Load(settingsFile);
            DatasetSettings read = DatasetSettings.Read(root);
            root.Problems.ThrowIfAny();
            return read;
        });
        SortedDictionary<string, string> colours = Files(folder, "rgb", problems, ".jpg", ".jpeg", ".png"), depths = Files(folder, "depth", problems, ".png");
        SortedDictionary<string, string> labels = Files(folder, "labels", problems, ".png"), masks = Files(folder, "masks", problems, ".png");
        if (colours.Count == 0)
        {
            Problem(Path.Combine(folder, "rgb"), "expected pictures (*.jpg, *.png), found none");
        }

        var pictures = new List<DatasetPicture>();
        foreach ((string name, string colour) in colours)
        {
            string? Partner(SortedDictionary<string, string> files, string part, bool required)
            {
                if (files.TryGetValue(name, out string? path))
                {
                    return path;
                }

                if (required)
                {
                    Problem(colour, $"expected {Path.Combine(folder, part, name + ".png")} for this picture, found none");
                }

                return null;
            }

            string? depth = Partner(depths, "depth", required: true);
            string? label = Partner(labels, "labels", required: labels.Count > 0);
            string? mask = Partner(masks, "masks", required: masks.Count > 0);
            pictures.Add(new DatasetPicture(name, colour, depth ?? "", label, mask, settings?.Geometries.GetValueOrDefault(name) ?? settings?.Geometry));
        }

        foreach (string name in settings?.Geometries.Keys.Where(k => !colours.ContainsKey(k)) ?? [])
        {
            Problem(settingsFile, $"geometries: there is no picture '{name}' in {Path.Combine(folder, "rgb")}");
        }

        return camera is null || settings is null || problems.Count > 0 ? null : new Dataset(folder, camera, settings, pictures);
    }

    private static T? TryRead<T>(List<ConfigurationProblem> problems, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ConfigurationException e)
        {
            problems.AddRange(e.Problems);
            return null;
        }
    }

    private static SortedDictionary<string, string> Files(string folder, string part, List<ConfigurationProblem> problems, params string[] endings)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string path = Path.Combine(folder, part);
        if (Directory.Exists(path))
        {
            foreach (string file in Directory.GetFiles(path).Where(f => endings.Contains(Path.GetExtension(f).ToLowerInvariant())))
            {
                if (!files.TryAdd(Path.GetFileNameWithoutExtension(file), file))
                {
                    problems.Add(new ConfigurationProblem(file, 0, 0, "two pictures have this name with different endings: which one is meant?"));
                }
            }
        }

        return files;
    }

    private void Check(List<ConfigurationProblem> problems, Action<string> progress, CancellationToken cancellationToken)
    {
        foreach (DatasetPicture picture in Pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress(picture.Colour);
            try
            {
                ReadColour(picture).Dispose();
            }
            catch (CameraException e)
            {
                problems.Add(new ConfigurationProblem(picture.Colour, 0, 0, e.Message));
            }

            foreach (string? file in (string?[])[picture.Depth, picture.Labels, picture.Mask])
            {
                if (file is not null)
                {
                    CheckPlane(file, problems);
                }
            }
        }
    }

    private void CheckPlane(string file, List<ConfigurationProblem> problems)
    {
        try
        {
            PictureFile.ReadGrey(file, out int width, out int height);
            if ((width, height) != (Camera.Width, Camera.Height))
            {
                problems.Add(new ConfigurationProblem(
                    file, 0, 0, $"expected the size of the pictures in camera.yaml, {Camera.Width}×{Camera.Height}, found {width}×{height}"));
            }
        }
        catch (CameraException e)
        {
            problems.Add(new ConfigurationProblem(file, 0, 0, e.Message));
        }
    }
}
