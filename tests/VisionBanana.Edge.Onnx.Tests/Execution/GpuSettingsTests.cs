using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>What the GPU providers are told. They cannot run here: the options are compared with what ONNX Runtime documents.</summary>
public sealed class GpuSettingsTests
{
    private static readonly ModelFile File32 = new("m.onnx", "", ModelPrecision.Fp32);

    [Fact]
    public void TensorRt_Defaults_SetEverythingThatMatters()
    {
        ShapeProfile profile = PaintingRunner.ProfileOf(new PainterTensors("palette", "task", "focal_ratio", "geometry", 64));

        Dictionary<string, string> settings = GpuSettings.TensorRt(new ExecutionOptions(), new ModelVariant(File32, ModelPrecision.Fp16), profile);

        Assert.Equal("1", settings["trt_fp16_enable"]);
        Assert.Equal("0", settings["trt_int8_enable"]);
        Assert.Equal("1073741824", settings["trt_max_workspace_size"]);
        Assert.Equal("3", settings["trt_builder_optimization_level"]);
        Assert.Equal("0", settings["trt_dla_enable"]);
        Assert.Equal("0", settings["trt_cuda_graph_enable"]);
        Assert.Equal("palette:1x64x3,task:1", settings["trt_profile_min_shapes"]);
        Assert.Equal("palette:1x64x3,task:1", settings["trt_profile_opt_shapes"]);
        Assert.Equal("palette:5x64x3,task:5", settings["trt_profile_max_shapes"]);
    }

    [Fact]
    public void TensorRt_EveryOption_ArrivesUnderItsName()
    {
        var options = new ExecutionOptions
        {
            DeviceId = 2,
            TensorRt = new TensorRtOptions { WorkspaceMib = 256, BuilderLevel = 5, DlaCore = 1, CudaGraph = true },
        };

        Dictionary<string, string> settings = GpuSettings.TensorRt(options,
            new ModelVariant(File32 with { Precision = ModelPrecision.Int8 }, ModelPrecision.Int8), ShapeProfile.Fixed);

        Assert.Equal("2", settings["device_id"]);
        Assert.Equal("268435456", settings["trt_max_workspace_size"]);
        Assert.Equal("5", settings["trt_builder_optimization_level"]);
        Assert.Equal(("1", "1"), (settings["trt_dla_enable"], settings["trt_dla_core"]));
        Assert.Equal("1", settings["trt_cuda_graph_enable"]);
        Assert.Equal(("1", "1"), (settings["trt_fp16_enable"], settings["trt_int8_enable"]));
        Assert.DoesNotContain("trt_profile_min_shapes", settings.Keys);
    }

    [Fact]
    public void TensorRtBuildAndLoad_KeepEngineTimingsAndContext()
    {
        Dictionary<string, string> settings = GpuSettings.TensorRt(new ExecutionOptions(), new ModelVariant(File32, ModelPrecision.Fp32), ShapeProfile.Fixed);

        Dictionary<string, string> build = GpuSettings.TensorRtBuild(settings, "/c/.building/model.onnx", "/c/timing");
        Dictionary<string, string> load = GpuSettings.TensorRtLoad(settings, null), beside = GpuSettings.TensorRtLoad(settings, "/c/entry");

        Assert.Equal("0", build["trt_fp16_enable"]);
        Assert.Equal(("1", "/c/timing"), (build["trt_timing_cache_enable"], build["trt_timing_cache_path"]));
        Assert.Equal(("1", "1", "/c/.building/model.onnx"),
            (build["trt_dump_ep_context_model"], build["trt_ep_context_embed_mode"], build["trt_ep_context_file_path"]));

        // ONNX Runtime refuses absolute engine paths while it writes a context graph.
        Assert.Equal(("1", "."), (build["trt_engine_cache_enable"], build["trt_engine_cache_path"]));
        Assert.Equal(("0", "0"), (load["trt_engine_cache_enable"], load["trt_dump_ep_context_model"]));
        Assert.All([settings, build, load, beside], d => Assert.DoesNotContain("", d.Values));
        Assert.Equal(("1", "/c/entry"), (beside["trt_engine_cache_enable"], beside["trt_engine_cache_path"]));
    }
}
