using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Runs one graph on pictures: the picture goes into the bound input, a subclass asks and reads the answer.</summary>
internal abstract class GraphRunner : IDisposable
{
    private readonly float[] _factor = new float[3];
    private readonly float[] _offset = new float[3];
    private readonly FurtherInputs _further;

    /// <summary>Instructions of the last picture: they were checked and need no second look.</summary>
    private readonly Instruction?[] _required = new Instruction?[4];

    protected GraphRunner(ModelManifest manifest, IGraphEngine engine, TensorMemory memory)
    {
        Manifest = manifest;
        Engine = engine;
        Memory = memory;
        ModelInput input = manifest.Input;
        Width = input.Width;
        Height = input.Height;
        Image = memory.Create<float>([1, 3, Height, Width]);
        _further = new FurtherInputs(manifest, engine, memory);
        Inputs = [(input.Tensor, Image), .. _further.All];
        for (int channel = 0; channel < 3; channel++)
        {
            _factor[channel] = (float)(input.Scale / input.Std[channel]);
            _offset[channel] = (float)(-input.Mean[channel] / input.Std[channel]);
        }
    }

    protected ModelManifest Manifest { get; }

    /// <summary>Shared with other painters, and not this runner's to close.</summary>
    protected IGraphEngine Engine { get; }

    /// <summary>Where tensors live.</summary>
    protected TensorMemory Memory { get; }

    protected int Width { get; }

    protected int Height { get; }

    protected PinnedTensor<float> Image { get; }

    /// <summary>The picture and what the graph takes beside it, by name.</summary>
    protected IReadOnlyList<(string Name, BoundTensor Tensor)> Inputs { get; }

    /// <summary>The runner for what a manifest says of its graph's answer.</summary>
    public static GraphRunner Create(ModelManifest manifest, IGraphEngine engine, TensorMemory memory) => manifest.Output.Kind switch
    {
        OutputKind.Painting => new PaintingRunner(manifest, engine, memory),
        OutputKind.ClassLogits => new LogitsRunner(manifest, engine, memory),
        OutputKind.InstanceMasks => new InstanceMasksRunner(manifest, engine, memory),
        OutputKind.PointMap => new PointMapRunner(manifest, engine, memory),
        OutputKind.MetricDepth or OutputKind.InverseDepth => new DepthRunner(manifest, engine, memory),
        var kind => throw new NotSupportedException($"What runs {kind} is missing in {nameof(GraphRunner)}."),
    };

    /// <summary>Fills the picture input.</summary>
    /// <param name="rgb">The picture.</param>
    /// <param name="hasSource">Pixels without a source get the colour that the model was trained to see there.</param>
    public void SetPicture(ReadOnlySpan<byte> rgb, ReadOnlySpan<bool> hasSource)
    {
        Span<float> planes = Image.Span;
        RgbPlanes.FromRgb(rgb, planes, _factor, _offset);
        if (Manifest.Input.Padding.IsEmpty || hasSource.IndexOf(false) < 0)
        {
            return;
        }

        for (int channel = 0, pixels = hasSource.Length; channel < 3; channel++)
        {
            float padding = ((float)Manifest.Input.Padding[channel] * _factor[channel]) + _offset[channel];
            for (int i = 0; i < pixels; i++)
            {
                planes[(channel * pixels) + i] = hasSource[i] ? planes[(channel * pixels) + i] : padding;
            }
        }
    }

    /// <summary>Tells the graph what it takes of the camera.</summary>
    /// <param name="camera">The painted pinhole, or null.</param>
    /// <param name="support">What is known of its place, or null.</param>
    /// <param name="focalRatio">f / f_c, or 1.</param>
    public virtual void SetCamera(CameraIntrinsics? camera, SupportPlane? support, float focalRatio) => _further.SetCamera(camera);

    /// <summary>Why an instruction cannot be answered, or null.</summary>
    public abstract string? WhyNot(Instruction instruction);

    /// <summary>Answers the instructions for the picture that was set.</summary>
    /// <param name="frame">Takes the answers.</param>
    /// <param name="instructions">What is asked, one of a kind.</param>
    /// <param name="focalRatio">f / f_c, or 1.</param>
    public abstract void Answer(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, float focalRatio);

    /// <summary>Runs once on whatever the input holds, so that a graph that contradicts its manifest fails while it is loaded.</summary>
    public abstract void WarmUp();

    /// <summary>Runs the session alone on what the tensors hold, as if so many instructions were asked.</summary>
    public abstract void RunBare(int instructions);

    public virtual void Dispose()
    {
        Image.Dispose();
        _further.Dispose();
        Memory.Dispose();
    }

    /// <summary>Refuses what cannot be answered before the frame is touched.</summary>
    /// <exception cref="InferenceException">With the reason of <see cref="WhyNot"/>.</exception>
    protected void Require(IReadOnlyList<Instruction> instructions)
    {
        for (int i = 0; i < instructions.Count; i++)
        {
            if (!ReferenceEquals(instructions[i], _required[i % _required.Length]))
            {
                _required[i % _required.Length] = WhyNot(instructions[i]) is { } reason ? throw new InferenceException(reason) : instructions[i];
            }
        }
    }

    /// <summary>Marks a percept as decoded by the graph itself, with its confidence where it gives one.</summary>
    protected static void Complete(Percept percept, PinnedTensor<float>? confidence, NearestResize? resize)
    {
        if (confidence is not null)
        {
            resize!.Apply(confidence.Span, percept.Confidence);
            Planes.CopyUnit(percept.Confidence, percept.Confidence);
        }

        percept.PainterGaveConfidence = confidence is not null;
        percept.PainterGaveValues = true;
    }

    /// <summary>Binds <see cref="Inputs"/>.</summary>
    protected void BindInputs(GraphBinding binding)
    {
        foreach ((string name, BoundTensor tensor) in Inputs)
        {
            binding.BindInput(name, tensor);
        }
    }

    /// <summary>Runs on bound tensors; <paramref name="shape"/> numbers bindings whose shapes differ.</summary>
    protected void Run(GraphBinding binding, int shape = 0)
    {
        try
        {
            binding.Upload();
            RunAlone(binding, shape);
            binding.Download();
        }
        catch (OnnxRuntimeException e)
        {
            throw new InferenceException($"{Manifest.Name}: the engine failed: {e.Message.Trim()}", e);
        }
    }

    protected void RunAlone(GraphBinding binding, int shape = 0) => Engine.Run(binding, shape);
}
