using System.Collections.Immutable;
using System.Globalization;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Reads <c>model.yaml</c> strictly: reading goes on after a problem, so that all of them are told at once.</summary>
internal sealed class ManifestReader(YamlSection root)
{
    /// <summary>The words of <see cref="OutputKind"/>, in its order.</summary>
    internal static readonly string[] Kinds = ["painting", "metric_depth", "inverse_depth", "class_logits", "point_map", "instance_masks"];

    private const long MostPixels = 1 << 24;
    private const int MostFiles = 16, MostConstants = 64;
    private static readonly string[] Fits = ["width", "letterbox", "cover", "stretch"];

    public ModelManifest Read()
    {
        root.RequireInt("schema", ModelManifest.SchemaVersion, ModelManifest.SchemaVersion);
        string name = root.RequireString("name");
        string version = root.RequireString("version");
        string licence = root.RequireString("licence");
        string description = root.RequireString("description");
        string? source = root.OptionalString("source");
        ImmutableArray<ModelFile> files = ReadFiles();
        ModelInput input = ReadInput(root.RequireSection("input"));
        ModelOutput output = ReadOutput(root.RequireSection("output"));
        bool paints = output.Kind == OutputKind.Painting;
        bool metric = output.Kind is not (OutputKind.ClassLogits or OutputKind.PointMap or OutputKind.InstanceMasks) && input.Rays is null;
        if (paints && (input.Rays is not null || input.Constants.Length > 0))
        {
            root.Problem("input", "rays and constants are for plain tensors; a graph of kind painting takes geometry");
        }

        ModelCamera camera = ReadCamera(metric ? root.RequireSection("camera") : root.OptionalSection("camera"));
        if (input.Fit != PictureFit.Width && camera.HorizontalFovDegrees is not null)
        {
            root.Problem("input", "fit is for packages that keep the camera's view; with camera.hfov_deg pictures are rectified to that view");
        }

        PainterTensors? painter = OnlyForPaintings("painter", paints) ? ReadPainter(root.RequireSection("painter")) : null;
        YamlSection? taskSection = OnlyForPaintings("tasks", paints) ? root.RequireSection("tasks") : null;
        bool named = output.Kind is OutputKind.ClassLogits or OutputKind.InstanceMasks
            || (taskSection is not null && (taskSection.Has("labels") || taskSection.Has("instances")));
        LabelPalette classes = ReadClasses(named, painter?.Slots ?? 0);
        ModelTasks tasks = ModelTasks.Read(taskSection, painter?.Slots ?? 0, classes);
        ImmutableDictionary<ModelPrecision, ParityLimits> parity = ReadParity(root.OptionalSection("parity"));
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return new ModelManifest
        {
            Name = name,
            Version = version,
            Licence = licence,
            Description = description,
            Source = source,
            Files = files,
            Input = input,
            Camera = camera,
            Output = output,
            Painter = painter,
            Tasks = tasks,
            Classes = classes,
            Parity = parity,
        };
    }

    private static ImmutableDictionary<ModelPrecision, ParityLimits> ReadParity(YamlSection? section)
    {
        ImmutableDictionary<ModelPrecision, ParityLimits>.Builder all = ImmutableDictionary.CreateBuilder<ModelPrecision, ParityLimits>();
        foreach (ModelPrecision precision in Enum.GetValues<ModelPrecision>())
        {
            if (section?.OptionalSection(precision.Name()) is { } own)
            {
                var usual = ParityLimits.Default(precision);
                all[precision] = new ParityLimits(
                    own.OptionalDouble("depth_median", 0, 10) ?? usual.DepthMedian,
                    own.OptionalDouble("depth_p99", 0, 10) ?? usual.DepthP99,
                    own.OptionalDouble("depth_scale", 0, 10) ?? usual.DepthScale,
                    own.OptionalDouble("labels", 0, 1) ?? usual.Labels,
                    own.OptionalDouble("colour", 0, 1) ?? usual.Colour,
                    own.OptionalDouble("confidence", 0, 1) ?? usual.Confidence);
                own.RefuseUnknownKeys();
            }
        }

        section?.RefuseUnknownKeys();
        return all.ToImmutable();
    }

    private bool OnlyForPaintings(string key, bool paints)
    {
        if (!paints && root.Has(key))
        {
            root.Problem(key, "belongs to output.kind painting only; remove it or change the kind");
        }

        return paints;
    }

    private ImmutableArray<ModelFile> ReadFiles()
    {
        ImmutableArray<ModelFile>.Builder files = ImmutableArray.CreateBuilder<ModelFile>();
        foreach (YamlSection section in root.Sections("files"))
        {
            string path = section.RequireString("path").Replace('\\', '/');
            if (path.StartsWith('/') || path.Contains(':') || path.Split('/').Contains(".."))
            {
                section.Problem("path", $"expected a path inside the package folder, found '{path}'");
            }

            string hash = section.RequireString("sha256").ToLowerInvariant();
            if (hash.Length > 0 && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
            {
                section.Problem("sha256", $"expected 64 hexadecimal digits, found '{hash}'; print them with: sha256sum {path}");
            }

            var precision = (ModelPrecision)section.RequireOneOf("precision", ModelPrecisionNames.All);
            if (files.Any(f => f.Precision == precision))
            {
                section.Problem("precision", $"{precision.Name()} stands twice; list one file of each precision");
            }

            section.RefuseUnknownKeys();
            files.Add(new ModelFile(path, hash, precision));
        }

        if (files.Count > MostFiles)
        {
            root.Problem("files", $"expected at most {MostFiles} files, found {files.Count}");
        }

        if (files.Count == 0)
        {
            root.Problem("files", "expected at least one file");
        }

        return files.ToImmutable();
    }

    private static ModelInput ReadInput(YamlSection? section)
    {
        if (section is null)
        {
            return new ModelInput("", 1, 1, 1, [0, 0, 0], [1, 1, 1]);
        }

        var input = new ModelInput(
            section.RequireString("tensor"),
            section.RequireInt("width", 8, 8192),
            section.RequireInt("height", 8, 8192),
            section.RequireDouble("scale", 1e-9, 1e3),
            [.. section.Doubles("mean", 3)],
            [.. section.Doubles("std", 3)])
        {
            Rays = section.OptionalString("rays"),
            Fit = (PictureFit)(section.OptionalOneOf("fit", Fits) ?? (int)PictureFit.Width),
            Padding = section.Has("padding") ? [.. section.Doubles("padding", 3)] : [],
            Constants = [.. section.Sections("constants", required: false).Select(ReadConstant)],
        };
        if (input.Constants.Length > MostConstants)
        {
            section.Problem("constants", $"expected at most {MostConstants}, found {input.Constants.Length}");
        }

        if (input.Padding.Any(p => !(p is >= 0 and <= 255)))
        {
            section.Problem("padding", "expected red, green and blue in 0–255");
        }

        if (input.Std.Any(s => !(s > 0)))
        {
            section.Problem("std", "expected numbers above 0: they divide");
        }

        if ((long)input.Width * input.Height > MostPixels)
        {
            section.Problem("width", $"expected at most {MostPixels} pixels, found {input.Width}×{input.Height}");
        }

        section.RefuseUnknownKeys();
        return input;
    }

    private static ModelConstant ReadConstant(YamlSection section)
    {
        var constant = new ModelConstant(section.RequireString("tensor"), section.RequireDouble("value"));
        section.RefuseUnknownKeys();
        return constant;
    }

    private static ModelCamera ReadCamera(YamlSection? section)
    {
        if (section is null)
        {
            return ModelCamera.Any;
        }

        if (section.OptionalBool("any") == true)
        {
            // Depth up to a factor that the user finds: no view and no focal length is better than another.
            section.RefuseUnknownKeys();
            return ModelCamera.Any;
        }

        bool? usesFocal = section.OptionalBool("uses_focal");
        if (!section.Has("uses_focal"))
        {
            section.Problem("uses_focal", "missing; expected true (with canonical_focal_px) or "
                + "false (with hfov_deg), or any: true for depth whose scale you find yourself");
        }

        bool focal = usesFocal ?? section.Has("canonical_focal_px");
        string wrong = focal ? "hfov_deg" : "canonical_focal_px";
        if (section.Has(wrong) && usesFocal is not null)
        {
            section.Problem(wrong, $"contradicts uses_focal: {(focal ? "true" : "false")}; remove one of the two");
        }

        ModelCamera camera = focal
            ? new ModelCamera(null, section.RequireDouble("canonical_focal_px", 1, 1e6))
            : new ModelCamera(section.RequireDouble("hfov_deg", 2, 178), null);
        section.RefuseUnknownKeys();
        return camera;
    }

    private static ModelOutput ReadOutput(YamlSection? section)
    {
        if (section is null)
        {
            return new ModelOutput(OutputKind.Painting, "", null, 1, 0);
        }

        var kind = (OutputKind)section.RequireOneOf("kind", Kinds);
        string tensor = section.RequireString("tensor");
        string? confidence = kind is OutputKind.ClassLogits or OutputKind.InstanceMasks ? null : section.OptionalString("confidence");
        double scale = 1, shift = 0;
        if (kind == OutputKind.InverseDepth)
        {
            scale = section.RequireDouble("scale");
            shift = section.RequireDouble("shift");
        }
        else if (kind is OutputKind.MetricDepth or OutputKind.PointMap)
        {
            scale = section.OptionalDouble("scale", 1e-9, 1e9) ?? 1;
        }

        var output = new ModelOutput(kind, tensor, confidence, scale, shift);
        if (kind == OutputKind.MetricDepth)
        {
            output = output with { Sky = section.OptionalString("sky"), SkyAbove = section.OptionalDouble("sky_above") ?? output.SkyAbove };
        }
        else if (kind == OutputKind.InstanceMasks)
        {
            output = output with
            {
                Prototypes = section.RequireString("prototypes"),
                MinScore = section.OptionalDouble("min_score", 0, 1) ?? output.MinScore,
                MaxOverlap = section.OptionalDouble("max_overlap", 0, 1) ?? output.MaxOverlap,
            };
        }
        else if (kind == OutputKind.PointMap)
        {
            output = output with { ScaleTensor = section.OptionalString("scale_tensor"), RecoversShift = section.OptionalBool("recover_shift") ?? false };
        }

        section.RefuseUnknownKeys();
        return output;
    }

    private static PainterTensors? ReadPainter(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        // A wrong number of slots must not make every class and direction wrong too: 0 = unknown.
        int before = section.Problems.Problems.Count;
        int slots = section.RequireInt("slots", 2, 4096);
        slots = section.Problems.Problems.Count == before ? slots : 0;
        var painter = new PainterTensors(
            section.RequireString("palette"),
            section.RequireString("task"),
            section.RequireString("focal_ratio"),
            section.OptionalString("geometry"),
            slots);
        section.RefuseUnknownKeys();
        return painter;
    }

    private LabelPalette ReadClasses(bool required, int slots)
    {
        var classes = new List<LabelColour>();
        foreach (YamlSection section in root.Sections("classes", required))
        {
            int id = section.RequireInt("id", 0, slots > 0 ? slots - 1 : LabelPlane.Unknown - 1);
            string name = section.RequireString("name");
            Rgb24 colour = ReadColour(section, "colour");
            section.RefuseUnknownKeys();
            foreach (LabelColour other in classes)
            {
                if (other.Id == id)
                {
                    section.Problem("id", $"{id} is already the id of '{other.Name}'");
                }

                if (string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    section.Problem("name", $"'{name}' stands twice");
                }

                if (other.Colour == colour)
                {
                    section.Problem("colour", $"{colour} is already the colour of '{other.Name}': a painting could not be decoded");
                }
            }

            if (name.Length > 0)
            {
                classes.Add(new LabelColour(id, name, colour));
            }
        }

        if (required && classes.Count == 0)
        {
            root.Problem("classes", "expected at least one class");
        }

        // Past a problem the palette may be impossible; the problems are thrown before anyone sees it.
        return root.Problems.Problems.Count > 0 ? new LabelPalette([]) : new LabelPalette(classes.OrderBy(c => c.Id));
    }

    private static Rgb24 ReadColour(YamlSection section, string key)
    {
        string text = section.RequireString(key);
        if (text is ['#', _, _, _, _, _, _]
            && uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            return new Rgb24((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        }

        if (text.Length > 0)
        {
            section.Problem(key, $"expected a colour like \"#80C000\", found '{text}'");
        }

        return default;
    }
}
