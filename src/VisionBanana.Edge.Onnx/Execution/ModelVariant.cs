using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Which file of a package a provider runs, and in which precision it computes.</summary>
/// <param name="File">The file.</param>
/// <param name="Computes">The arithmetic; TensorRT turns an fp32 file into fp16 by itself.</param>
internal sealed record ModelVariant(ModelFile File, ModelPrecision Computes)
{
    /// <summary>
    /// Chooses for one provider. Left to itself TensorRT computes in fp16: its int8 needs weights made for it. CUDA has no int8 kernels worth it.
    /// On processors fp16 is slower than fp32 (it is computed in fp32), and int8 is faster where the processor multiplies it natively.
    /// </summary>
    /// <returns>The choice, or null when the package has no file that this provider could run in the precision asked for.</returns>
    public static ModelVariant? For(ModelPackage package, ExecutionProvider provider, ModelPrecision? asked, bool nativeInt8)
    {
        ModelFile? fp32 = package.FileOf(ModelPrecision.Fp32), fp16 = package.FileOf(ModelPrecision.Fp16), int8 = package.FileOf(ModelPrecision.Int8);
        ModelVariant? own = asked is { } precision && package.FileOf(precision) is { } file ? new ModelVariant(file, precision) : null;
        return (asked, provider) switch
        {
            (ModelPrecision.Fp16, ExecutionProvider.TensorRt) => Of(fp32, ModelPrecision.Fp16) ?? own,
            (not null, _) => own,
            (null, ExecutionProvider.TensorRt) => Of(fp32, ModelPrecision.Fp16) ?? Of(fp16) ?? Of(int8),
            (null, ExecutionProvider.Cuda) => Of(fp16) ?? Of(fp32) ?? Of(int8),
            (null, _) => (nativeInt8 ? Of(int8) : null) ?? Of(fp32) ?? Of(int8) ?? Of(fp16),
        };
    }

    /// <summary>e.g. <c>fp16 (from fp32 weights)</c>.</summary>
    public override string ToString() => Computes == File.Precision ? Computes.Name() : $"{Computes.Name()} (from {File.Precision.Name()} weights)";

    private static ModelVariant? Of(ModelFile? file, ModelPrecision? computes = null) => file is null ? null
        : new ModelVariant(file, computes ?? file.Precision);
}
