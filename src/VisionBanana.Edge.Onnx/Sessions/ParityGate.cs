using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>Lets sessions through that give the model's answers: an engine that runs is not yet one that is right.</summary>
/// <param name="package">The model.</param>
/// <param name="options">Whether anybody wants to know.</param>
/// <param name="store">What was found out before.</param>
/// <param name="compare">Compares a session with the reference.</param>
/// <param name="openReference">Opens the reference on the processor.</param>
internal sealed class ParityGate(
    ModelPackage package, ExecutionOptions options, ParityStore store,
    Func<PooledSession, PooledSession, ParityFigures> compare, Func<byte[], PooledSession> openReference)
{
    /// <summary>The session, when it agrees with the model; found out once for each key.</summary>
    /// <exception cref="InferenceException">It does not, and was closed: the next provider has its turn.</exception>
    public PooledSession Pass(PooledSession session, EngineKey key, ModelVariant variant) => options.Parity == ParityPolicy.Never
        ? session
        : Checked(session, variant, () => store.Find(key) ?? Judge(session, key, variant));

    /// <summary>The session of the model's own graph, which is compared only when that was asked for, or when something was found wrong before.</summary>
    /// <exception cref="InferenceException">See <see cref="Pass"/>.</exception>
    public PooledSession PassUnlessSuspect(PooledSession session, EngineKey key, ModelVariant variant) => options.Parity switch
    {
        ParityPolicy.Never => session,
        ParityPolicy.Engines when store.Find(key) is null or { Agrees: true } => session,
        _ => Checked(session, variant, () => Measure(session, variant)),
    };

    /// <summary>Compares a session with the model and keeps the verdict.</summary>
    public ParityVerdict Judge(PooledSession session, EngineKey key, ModelVariant variant)
    {
        ParityVerdict verdict = Measure(session, variant);
        store.Keep(key, verdict);
        return verdict;
    }

    private static PooledSession Checked(PooledSession session, ModelVariant variant, Func<ParityVerdict> find)
    {
        try
        {
            session.Verdict = find();
            return session.Verdict.Agrees ? session : throw new InferenceException($"{variant}: {session.Verdict}");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private ParityVerdict Measure(PooledSession session, ModelVariant variant)
    {
        ModelFile right = package.FileOf(ModelPrecision.Fp32) ?? package.FileOf(ModelPrecision.Fp16) ?? variant.File;
        using PooledSession reference = openReference(package.ReadVerified(right));

        // The tensors of these runs go with them.
        bool captures = session.CapturesGraphs;
        session.CapturesGraphs = false;
        ParityFigures figures = compare(session, reference);
        session.CapturesGraphs = captures;
        string versions = string.Join(", ",
            EngineMachine.FieldsOf(session.Provider, options.DeviceId).Where(f => f.Value.Length > 0).Select(f => $"{f.Key} {f.Value}"));
        return new ParityVerdict(figures, [.. figures.Beyond(package.Manifest.ParityFor(variant.Computes))], TimeProvider.System.GetUtcNow(), versions);
    }
}
