using System.Globalization;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// The options of the GPU providers, every one that matters set explicitly: ONNX Runtime's own defaults build anew at every start and say nothing.
/// </summary>
internal static class GpuSettings
{
    /// <summary>TensorRT's options for what it computes; where things are kept is added by <see cref="TensorRtBuild"/> or <see cref="TensorRtLoad"/>.</summary>
    public static Dictionary<string, string> TensorRt(ExecutionOptions options, ModelVariant variant, ShapeProfile profile)
    {
        TensorRtOptions tensorRt = options.TensorRt;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = Text(options.DeviceId),
            ["trt_max_workspace_size"] = Text((long)tensorRt.WorkspaceMib << 20),
            ["trt_builder_optimization_level"] = Text(tensorRt.BuilderLevel),

            // Layers that int8 does not cover run in fp16 then, not in fp32.
            ["trt_fp16_enable"] = Flag(variant.Computes != ModelPrecision.Fp32),
            ["trt_int8_enable"] = Flag(variant.Computes == ModelPrecision.Int8),

            // The scales stand in the graph (quantise–dequantise form).
            ["trt_int8_use_native_calibration_table"] = "0",
            ["trt_dla_enable"] = Flag(tensorRt.DlaCore is not null),
            ["trt_dla_core"] = Text(tensorRt.DlaCore ?? 0),
            ["trt_cuda_graph_enable"] = Flag(tensorRt.CudaGraph),
            ["trt_context_memory_sharing_enable"] = "0",
            ["trt_min_subgraph_size"] = "1",
            ["trt_detailed_build_log"] = "0",
        };
        if (!profile.IsEmpty)
        {
            settings["trt_profile_min_shapes"] = profile.Min;
            settings["trt_profile_opt_shapes"] = profile.Opt;
            settings["trt_profile_max_shapes"] = profile.Max;
        }

        return settings;
    }

    /// <summary>Builds into a folder: one graph that holds the engine (EPContext), and the engine beside it where a version writes no such graph.</summary>
    public static Dictionary<string, string> TensorRtBuild(Dictionary<string, string> settings, string graph, string timingFolder) =>
        new(settings, StringComparer.Ordinal)
        {
            // Relative to the graph's folder, as ONNX Runtime requires for engines that a graph names.
            ["trt_engine_cache_enable"] = "1",
            ["trt_engine_cache_path"] = ".",
            ["trt_timing_cache_enable"] = "1",
            ["trt_timing_cache_path"] = timingFolder,
            ["trt_dump_ep_context_model"] = "1",
            ["trt_ep_context_embed_mode"] = "1",
            ["trt_ep_context_file_path"] = graph,
        };

    /// <summary>Loads what was built: the graph brings its engine, or the engine lies in the entry's folder.</summary>
    public static Dictionary<string, string> TensorRtLoad(Dictionary<string, string> settings, string? engineFolder)
    {
        var load = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["trt_engine_cache_enable"] = Flag(engineFolder is not null),
            ["trt_timing_cache_enable"] = "0",
            ["trt_dump_ep_context_model"] = "0",
        };
        if (engineFolder is not null)
        {
            // ONNX Runtime refuses all options when one of them is empty.
            load["trt_engine_cache_path"] = engineFolder;
        }

        return load;
    }

    /// <summary>CUDA's options.</summary>
    public static Dictionary<string, string> Cuda(ExecutionOptions options) => new(StringComparer.Ordinal)
    {
        ["device_id"] = Text(options.DeviceId),

        // Memory as it is needed instead of powers of two: a Jetson shares it with everything else.
        ["arena_extend_strategy"] = "kSameAsRequested",
        ["cudnn_conv_algo_search"] = "EXHAUSTIVE",
        ["cudnn_conv_use_max_workspace"] = "1",
        ["do_copy_in_default_stream"] = "1",
        ["use_tf32"] = Flag(options.Precision != ModelPrecision.Fp32),
    };

    private static string Flag(bool value) => value ? "1" : "0";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
