using System.Collections.Immutable;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>
/// Climbs down the providers until one works. Each one is appended and caught: ONNX Runtime lists providers
/// that cannot load, so asking which are available says nothing.
/// </summary>
internal static class SessionLadder
{
    /// <summary>Opens a session on the first provider that works.</summary>
    /// <exception cref="ConfigurationException">The package has no file of the precision asked for.</exception>
    /// <exception cref="InferenceException">The runtime is missing, or no allowed provider works.</exception>
    /// <exception cref="ModelContractException">The graph itself cannot be run.</exception>
    public static OpenedSession Open(ModelPackage package, ExecutionOptions options, ShapeProfile profile, SessionOpener opener)
    {
        (SessionLease lease, ModelVariant variant, ImmutableArray<ProviderAttempt> report) = Climb(package, options, (provider, chosen, model) =>
        {
            // Their hash makes files of different packages with the same bytes one session, and a changed file another.
            // A CUDA graph remembers the addresses of one painter's tensors: such sessions are not shared.
            // Where engines are kept is part of it, so that what a painter tells of its cache is true of its own.
            bool alone = provider == ExecutionProvider.TensorRt && options.TensorRt.CudaGraph;
            string key = $"{chosen.File.Sha256} {chosen} {provider} {profile} {options.SessionText(provider)} {options.Parity} {options.EngineCache.Build} "
                + $"{options.EngineCache.Folder} {(alone ? Guid.NewGuid() : "")}";
            SessionLease rented = SessionPool.Rent(key, () => opener.Open(provider, chosen, model));
            return (rented, rented.Session.Description);
        });
        return new OpenedSession(lease, variant, report);
    }

    /// <summary>Builds the engine for the first provider that works.</summary>
    public static EngineBuildResult Prepare(ModelPackage package, ExecutionOptions options, SessionOpener opener)
    {
        (string? folder, _, ImmutableArray<ProviderAttempt> report) = Climb(package, options, (provider, chosen, model) =>
            opener.Prepare(provider, chosen, model) is { } built
                ? ((string?)built, $"{chosen} is in {built}")
                : (null, "has no engines: its kernels come with ONNX Runtime"));
        return new EngineBuildResult(folder, report);
    }

    /// <summary>Compares the first provider that works with the model.</summary>
    public static EngineVerification Verify(ModelPackage package, ExecutionOptions options, SessionOpener opener)
    {
        (ParityVerdict verdict, ModelVariant variant, ImmutableArray<ProviderAttempt> report) = Climb(package, options, (provider, chosen, model) =>
        {
            ParityVerdict found = opener.Verify(provider, chosen, model);
            return (found, $"{chosen}: {found}");
        });
        return new EngineVerification(verdict, variant.ToString(), report);
    }

    private static (T Result, ModelVariant Variant, ImmutableArray<ProviderAttempt> Report) Climb<T>(
        ModelPackage package, ExecutionOptions options, Func<ExecutionProvider, ModelVariant, byte[], (T Result, string Message)> open)
    {
        OnnxRuntimeNative.Require();
        ImmutableArray<ExecutionProvider> rungs = options.Require is { } required ? [required] : options.Prefer;
        ModelVariant?[] variants = [.. rungs.Select(r => ModelVariant.For(package, r, options.Precision, ProcessorFeatures.HasInt8DotProduct))];
        if (variants.All(v => v is null))
        {
            // Throws: a package without this precision is a wrong configuration, whatever the machine.
            package.FileFor(options.Precision);
        }

        var report = ImmutableArray.CreateBuilder<ProviderAttempt>();
        for (int i = 0; i < rungs.Length; i++)
        {
            ExecutionProvider provider = rungs[i];
            if (variants[i] is not { } preferred)
            {
                report.Add(new ProviderAttempt(
                    provider, ProviderOutcome.Failed, $"the package has no {options.Precision!.Value.Name()} file that it could run; it has "
                        + $"{string.Join(", ", package.Manifest.Files.Select(f => f.Precision.Name()))}"));
                continue;
            }

            // A processor whose int8 is not the model's may still run fp32, when nobody asked for int8.
            ModelVariant? exact = provider == ExecutionProvider.Cpu && options.Precision is null && preferred.Computes == ModelPrecision.Int8
                && package.FileOf(ModelPrecision.Fp32) is { } file ? new ModelVariant(file, ModelPrecision.Fp32) : null;
            foreach (ModelVariant variant in new[] { preferred, exact }.OfType<ModelVariant>())
            {
                if (TryOpen(package, provider, variant, open, report) is var (result, message))
                {
                    report.Add(new ProviderAttempt(provider, ProviderOutcome.Running, message));
                    report.AddRange(rungs[(i + 1)..].Select(r => new ProviderAttempt(r, ProviderOutcome.NotTried, $"not tried: {provider.Name()} works")));
                    return (result, variant, report.ToImmutable());
                }
            }
        }

        throw new InferenceException(
            $"{package.Manifest.Name}: {(options.Require is null ? "no preferred provider works" : "the required provider does not work")} here: "
                + $"{string.Join("; ", report)}. "
            + "Allow cpu (execution.prefer) or remove execution.require to run anyway.");
    }

    private static (T Result, string Message)? TryOpen<T>(
        ModelPackage package, ExecutionProvider provider, ModelVariant variant,
        Func<ExecutionProvider, ModelVariant, byte[], (T Result, string Message)> open, ImmutableArray<ProviderAttempt>.Builder report)
    {
        byte[] model = package.ReadVerified(variant.File);
        try
        {
            return open(provider, variant, model);
        }
        catch (Exception e) when (ProviderFailure.IsExpected(e) && ProviderFailure.IsRuntimeMissing(e))
        {
            throw new InferenceException(ProviderFailure.ExplainRuntime(e), e);
        }
        catch (Exception e) when (provider == ExecutionProvider.Cpu && ProviderFailure.IsExpected(e))
        {
            // The processor always works: what fails here is the graph.
            throw new ModelContractException(
                $"{package.PathOf(variant.File)}: ONNX Runtime cannot load the graph: {e.Message.Trim()} Check it with onnx.checker.check_model, or export "
                    + $"it again with a lower opset_version.", e);
        }
        catch (Exception e) when (ProviderFailure.IsExpected(e))
        {
            report.Add(new ProviderAttempt(provider, ProviderOutcome.Failed, ProviderFailure.Explain(provider, e)));
            return null;
        }
        catch (InferenceException e)
        {
            report.Add(new ProviderAttempt(
                provider, ProviderOutcome.Failed, e.InnerException is { } cause && ProviderFailure.IsExpected(cause)
                    ? ProviderFailure.Explain(provider, cause) : e.Message));
            return null;
        }
    }
}
