using System.Reactive.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace VisionBanana.Edge.Analyzers.Tests;

/// <summary>The compiler runs the analyzer over code as a user would write it.</summary>
public sealed class LeaseAnalyzerTests
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string> Keeping =>
    [
        "frames.Sample(TimeSpan.FromSeconds(1)).Subscribe(_ => { });",
        "frames.Buffer(2).Subscribe(_ => { });",
        "frames.Window(2).Subscribe(_ => { });",
        "frames.ObserveOn(System.Reactive.Concurrency.TaskPoolScheduler.Default).Subscribe(_ => { });",
        "frames.Delay(TimeSpan.FromSeconds(1)).Subscribe(_ => { });",
        "frames.Throttle(TimeSpan.FromSeconds(1)).Subscribe(_ => { });",
        "frames.Replay(1).Connect();",
        "await frames.FirstAsync().Select(f => f.SequenceNumber);",
        "await frames.Take(1);",
        "await frames.ToList();",
        "foreach (var f in frames.ToEnumerable()) { }",
        "await frames.ToTask();",
        "frames.Zip(frames, (a, b) => 1).Subscribe(_ => { });",
        "frames.Select(f => (f, 1)).CombineLatest(frames, (a, b) => 1).Subscribe(_ => { });",
        "Observable.CombineLatest(new[] { frames, frames }).Subscribe(_ => { });",
        "frames.TakeLast(1).Subscribe(_ => { });",
        "new PictureSource(4, 4, PixelFormat.Rgb8, _ => false).Sample(TimeSpan.FromSeconds(1)).Subscribe(_ => { });",
    ];

    public static TheoryData<string> Fine =>
    [
        "frames.Where(f => f.SequenceNumber > 1).Do(f => { }).Take(2).Subscribe(_ => { });",
        "await frames.Select(f => f.SequenceNumber).FirstAsync();",
        "frames.Select(f => f.Width).Buffer(2).Subscribe(_ => { });",
        "await frames.ForEachAsync(f => Console.WriteLine(f.Width));",
        "frames.Publish().RefCount().Subscribe(_ => { });",
        "await Task.Delay(1); new[] { 1 }.ToList(); new[] { 1 }.Zip(new[] { 2 });",
        "frames.SelectMany(async f => { f.Retain(); try { await Task.Yield(); return f.Width; } finally { f.Dispose(); } }).Subscribe(_ => { });",
    ];

    [Theory]
    [MemberData(nameof(Keeping))]
    public async Task Operator_KeepsLeases_IsFlaggedOnceWithWhatToUseInstead(string code)
    {
        Diagnostic found = Assert.Single(await AnalyzeAsync(code));
        Assert.Equal(LeaseAnalyzer.OperatorKeepsLeases, found.Id);
        Assert.Contains("CameraFrame", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(": ", found.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Fine))]
    public async Task Operator_HandsOnInsideOnNext_IsNotFlagged(string code) => Assert.Empty(await AnalyzeAsync(code));

    [Theory]
    [InlineData("frames.SelectMany(async f => { await Task.Yield(); return f.Width; }).Subscribe(_ => { });")]
    [InlineData("frames.Subscribe(async f => { await Task.Yield(); Console.WriteLine(f.Width); });")]
    [InlineData("_ = new PerceptSink(\"mine\", async f => await Task.Yield());")]
    public async Task AsyncLambda_HoldsALease_IsFlagged(string code) =>
        Assert.Equal(LeaseAnalyzer.AsyncLambdaKeepsLease, Assert.Single(await AnalyzeAsync(code)).Id);

    [Fact]
    public void Operators_EveryOneThatTakesASequence_StandsInATable()
    {
        string[] names =
        [
            .. typeof(Observable).Assembly.GetExportedTypes()
                .Where(t => t is { Namespace: "System.Reactive.Linq" or "System.Reactive.Threading.Tasks", IsAbstract: true, IsSealed: true })
                .Where(t => !t.Name.StartsWith("Qbservable", StringComparison.Ordinal))
                .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(m => m.GetParameters().Any(p => IsSequence(p.ParameterType)))
                .Select(m => m.Name).Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(names);
        Assert.Equal("", string.Join(' ', names.Where(n => !LeaseOperators.Keeping.ContainsKey(n) && !LeaseOperators.Passing.Contains(n))));
    }

    private static bool IsSequence(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IObservable<>) || type.GetInterfaces().Any(IsSequence));

    private static async Task<Diagnostic[]> AnalyzeAsync(string code)
    {
        string source = $$"""
            using System; using System.Linq; using System.Reactive.Linq; using System.Reactive.Threading.Tasks; using System.Threading.Tasks;
            using VisionBanana.Edge.Imaging; using VisionBanana.Edge.Perception; using VisionBanana.Edge.Pipeline;
            public static class Program { public static async Task Run(IObservable<CameraFrame> frames) { await Task.Yield(); {{code}} } }
            """;
        var compilation = CSharpCompilation.Create(
            "user", [CSharpSyntaxTree.ParseText(source)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return [.. await compilation.WithAnalyzers([new LeaseAnalyzer()]).GetAnalyzerDiagnosticsAsync()];
    }
}
