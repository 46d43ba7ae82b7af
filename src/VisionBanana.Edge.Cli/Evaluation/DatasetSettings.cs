using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary><c>dataset.yaml</c>: what a dataset's files mean. Everything may be left out, the file too.</summary>
internal sealed record DatasetSettings
{
    public const string FileName = "dataset.yaml";

    /// <summary>Metres per unit of the depth pictures.</summary>
    public double DepthScale { get; init; } = 0.001;

    /// <summary>Nearer truth is not measured against.</summary>
    public double MinDepthM { get; init; } = 0.2;

    /// <summary>Farther truth is not measured against.</summary>
    public double MaxDepthM { get; init; } = 25;

    /// <summary>What the labels are.</summary>
    public LabelKind Labels { get; init; } = LabelKind.Instances;

    /// <summary>Instances: the model's class of the labelled objects.</summary>
    public string ObjectClass { get; init; } = "small_object";

    /// <summary>Instances: ids n · step + k with the same n ≥ 1 are parts of one object; 1 = every id is an object.</summary>
    public int IdStep { get; init; } = 1;

    /// <summary>Classes: the name of each id; other ids are not measured.</summary>
    public IReadOnlyDictionary<int, string> Classes { get; init; } = new Dictionary<int, string>();

    /// <summary>True when neither camera nor scene move: the pictures are a clip for flicker.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Geometry of all pictures that have none of their own; null = unknown.</summary>
    public SupportPlane? Geometry { get; init; }

    /// <summary>Geometry by picture, the file name without its ending.</summary>
    public IReadOnlyDictionary<string, SupportPlane> Geometries { get; init; } = new Dictionary<string, SupportPlane>();

    /// <summary>Reads the file; problems are collected in the section.</summary>
    public static DatasetSettings Read(YamlSection root)
    {
        var defaults = new DatasetSettings();
        var settings = new DatasetSettings
        {
            DepthScale = root.OptionalDouble("depth_scale", 1e-9, 1e3) ?? defaults.DepthScale,
            MinDepthM = root.OptionalDouble("min_depth_m", 0, 1e4) ?? defaults.MinDepthM,
            MaxDepthM = root.OptionalDouble("max_depth_m", 0, 1e4) ?? defaults.MaxDepthM,
            Labels = (LabelKind)(root.OptionalOneOf("labels", "instances", "classes") ?? 0),
            ObjectClass = root.OptionalString("object_class") ?? defaults.ObjectClass,
            IdStep = root.OptionalInt("id_step", 1, 10_000) ?? defaults.IdStep,
            Classes = ReadClasses(root),
            IsStatic = root.OptionalBool("static") ?? false,
            Geometry = root.OptionalSection("geometry") is { } geometry ? ReadGeometry(geometry) : null,
            Geometries = ReadGeometries(root),
        };
        if (settings.MaxDepthM <= settings.MinDepthM)
        {
            root.Problem("max_depth_m", FormattableString.Invariant($"expected more than min_depth_m ({settings.MinDepthM}), found {settings.MaxDepthM}"));
        }

        if (settings.Labels == LabelKind.Classes && settings.Classes.Count == 0)
        {
            root.Problem("classes", "labels: classes needs the name of each id, as in classes: [{id: 1, name: floor}]");
        }

        root.RefuseUnknownKeys();
        return settings;
    }

    private static Dictionary<int, string> ReadClasses(YamlSection root)
    {
        var classes = new Dictionary<int, string>();
        foreach (YamlSection section in root.Sections("classes", required: false))
        {
            int id = section.RequireInt("id", 0, LabelPlane.Unknown - 1);
            string name = section.RequireString("name");
            section.RefuseUnknownKeys();
            if (!classes.TryAdd(id, name))
            {
                section.Problem("id", $"{id} is already '{classes[id]}'");
            }
        }

        return classes;
    }

    private static Dictionary<string, SupportPlane> ReadGeometries(YamlSection root)
    {
        var geometries = new Dictionary<string, SupportPlane>(StringComparer.Ordinal);
        foreach (YamlSection section in root.Sections("geometries", required: false))
        {
            string picture = section.RequireString("picture");
            if (ReadGeometry(section) is { } geometry && !geometries.TryAdd(picture, geometry))
            {
                section.Problem("picture", $"'{picture}' stands twice");
            }
        }

        return geometries;
    }

    private static SupportPlane? ReadGeometry(YamlSection section)
    {
        double[] up = section.Doubles("up", 3);
        double? height = section.OptionalDouble("height_m", 0.01, 1000);
        section.RefuseUnknownKeys();
        if (up.Length != 3)
        {
            return null;
        }

        double length = Math.Sqrt(up.Sum(c => c * c));
        if (!(Math.Abs(length - 1) < 0.01))
        {
            section.Problem("up", FormattableString.Invariant(
                $"expected a unit vector in the optical frame (x right, y down, z forward), found a length of {length:0.###}"));
            return null;
        }

        return new SupportPlane(up[0], up[1], up[2], height);
    }
}
