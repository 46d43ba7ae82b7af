using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// Opens a session on the first provider that works. Each one is appended and caught: ONNX Runtime lists providers
/// that cannot load, so asking which are available says nothing.
/// </summary>
internal static class SessionLadder
{
    /// <param name="model">The verified bytes of the graph.</param>
    /// <param name="options">What to try.</param>
    /// <param name="profile">The shapes of inputs that vary, for engines that are built for shapes.</param>
    /// <param name="modelName">What errors call the graph.</param>
    /// <exception cref="InferenceException">The runtime is missing, or no allowed provider works.</exception>
    /// <exception cref="ModelContractException">The graph itself cannot be run.</exception>
    public static (InferenceSession Session, ImmutableArray<ProviderAttempt> Report) Open(
        byte[] model, ExecutionOptions options, ShapeProfile profile, string modelName)
    {
        ImmutableArray<ExecutionProvider> rungs = options.Require is { } required ? [required] : options.Prefer;
        var report = ImmutableArray.CreateBuilder<ProviderAttempt>();
        InferenceSession? session = null;
        foreach (ExecutionProvider provider in rungs)
        {
            if (session is not null)
            {
                report.Add(new ProviderAttempt(provider, ProviderOutcome.NotTried, $"not tried: {report[^1].Provider.Name()} works"));
                continue;
            }

            try
            {
                session = Open(model, options, profile, provider);
                report.Add(new ProviderAttempt(provider, ProviderOutcome.Running, Describe(provider, options)));
            }
            catch (Exception e) when (ProviderFailure.IsExpected(e))
            {
                if (ProviderFailure.IsRuntimeMissing(e))
                {
                    throw new InferenceException(ProviderFailure.ExplainRuntime(e), e);
                }

                if (provider == ExecutionProvider.Cpu)
                {
                    // The processor always works: what fails here is the graph.
                    throw new ModelContractException(
                        $"{modelName}: ONNX Runtime cannot load the graph: {e.Message.Trim()} Check it with onnx.checker.check_model, or export it again with a lower opset_version.", e);
                }

                report.Add(new ProviderAttempt(provider, ProviderOutcome.Failed, ProviderFailure.Explain(provider, e)));
            }
        }

        return session is not null
            ? (session, report.ToImmutable())
            : throw new InferenceException(
                $"{modelName}: {(options.Require is null ? "no preferred provider works" : "the required provider does not work")} here: {string.Join("; ", report)}. "
                + "Allow cpu (execution.prefer) or remove execution.require to run anyway.");
    }

    private static InferenceSession Open(byte[] model, ExecutionOptions options, ShapeProfile profile, ExecutionProvider provider)
    {
        using var session = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = true,
            IntraOpNumThreads = options.Threads ?? ProcessorTopology.DefaultThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        switch (provider)
        {
            case ExecutionProvider.TensorRt:
                AppendTensorRt(session, options, profile);
                TryAppendCuda(session, options);
                break;
            case ExecutionProvider.Cuda:
                AppendCuda(session, options);
                break;
        }

        return new InferenceSession(model, session);
    }

    private static void AppendTensorRt(SessionOptions session, ExecutionOptions options, ShapeProfile profile)
    {
        using var tensorRt = new OrtTensorRTProviderOptions();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = options.DeviceId.ToString(CultureInfo.InvariantCulture),
            ["trt_fp16_enable"] = options.TensorRtFp16 ? "1" : "0",
        };
        if (!profile.IsEmpty)
        {
            settings["trt_profile_min_shapes"] = profile.Min;
            settings["trt_profile_opt_shapes"] = profile.Opt;
            settings["trt_profile_max_shapes"] = profile.Max;
        }

        tensorRt.UpdateOptions(settings);
        session.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    private static void AppendCuda(SessionOptions session, ExecutionOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = options.DeviceId.ToString(CultureInfo.InvariantCulture),
        });
        session.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Operators that TensorRT leaves over stay on the GPU when CUDA works too.</summary>
    private static void TryAppendCuda(SessionOptions session, ExecutionOptions options)
    {
        try
        {
            AppendCuda(session, options);
        }
        catch (Exception e) when (ProviderFailure.IsExpected(e))
        {
            // Left-over operators run on the processor then.
        }
    }

    private static string Describe(ExecutionProvider provider, ExecutionOptions options) => provider == ExecutionProvider.Cpu
        ? $"runs on {options.Threads ?? ProcessorTopology.DefaultThreads} threads{(options.Spinning ? ", spinning" : "")}"
        : $"runs on device {options.DeviceId}";
}
