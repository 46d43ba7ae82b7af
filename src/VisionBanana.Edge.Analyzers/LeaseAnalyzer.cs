using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace VisionBanana.Edge.Analyzers;

/// <summary>Finds code that keeps a borrowed lease: operators that queue without retaining, and lambdas that wait while they hold one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LeaseAnalyzer : DiagnosticAnalyzer
{
    /// <summary>An operator of System.Reactive keeps frames past <c>OnNext</c>.</summary>
    public const string OperatorKeepsLeases = "VBE001";

    /// <summary>An asynchronous lambda uses a frame after its first <c>await</c>, when its producer took it back.</summary>
    public const string AsyncLambdaKeepsLease = "VBE002";

    private static readonly DiagnosticDescriptor Operator = new(
        OperatorKeepsLeases,
        "An operator keeps borrowed frames",
        "'{0}' keeps a borrowed {1} after its producer took it back: {2}",
        "Ownership",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Inside OnNext a frame is borrowed. Who keeps it calls Retain() and disposes that reference later; the operators of System.Reactive do not know that.");

    private static readonly DiagnosticDescriptor AsyncLambda = new(
        AsyncLambdaKeepsLease,
        "An asynchronous lambda holds a borrowed frame",
        "The {0} '{1}' is borrowed and gone after the first await: call {1}.Retain() before it and dispose it at the end, or take what you need of it first",
        "Ownership",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Inside OnNext a frame is borrowed. After an await the producer has taken it back and fills it with the next picture.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Operator, AsyncLambda);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("VisionBanana.Edge.Imaging.Lease") is not { } lease)
            {
                return;
            }

            var types = new LeaseTypes(lease);
            start.RegisterOperationAction(c => CheckOperator(c, types), OperationKind.Invocation);
            start.RegisterOperationAction(c => CheckAwait(c, types), OperationKind.Await);
            start.RegisterOperationAction(c => CheckLambda(c, types), OperationKind.AnonymousFunction);
        });
    }

    private static void CheckOperator(OperationAnalysisContext context, LeaseTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        IMethodSymbol method = call.TargetMethod;
        if (LeaseOperators.Keeping.TryGetValue(method.Name, out string? instead)
            && method.ContainingNamespace?.ToDisplayString().StartsWith("System.", System.StringComparison.Ordinal) == true
            && method.Parameters.Select(p => types.ElementOf(p.Type)).FirstOrDefault(t => t is not null) is { } kept)
        {
            context.ReportDiagnostic(Diagnostic.Create(Operator, call.Syntax.GetLocation(), method.Name, kept.Name, instead));
        }
    }

    private static void CheckAwait(OperationAnalysisContext context, LeaseTypes types)
    {
        IOperation awaited = ((IAwaitOperation)context.Operation).Operation;
        bool isFlaggedItself = awaited is IInvocationOperation { TargetMethod.Name: var name } && LeaseOperators.Keeping.ContainsKey(name);
        if (!isFlaggedItself && types.ElementOf(awaited.Type) is { } kept)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Operator, context.Operation.Syntax.GetLocation(), "await", kept.Name, LeaseOperators.Keeping["GetAwaiter"]));
        }
    }

    private static void CheckLambda(OperationAnalysisContext context, LeaseTypes types)
    {
        var lambda = (IAnonymousFunctionOperation)context.Operation;
        if (!lambda.Symbol.IsAsync || lambda.Symbol.Parameters.FirstOrDefault(p => types.IsLease(p.Type)) is not { } frame)
        {
            return;
        }

        bool isRetained = lambda.Body.Descendants().OfType<IInvocationOperation>().Any(
            call => call is { TargetMethod.Name: "Retain", Instance: IParameterReferenceOperation held }
                && SymbolEqualityComparer.Default.Equals(held.Parameter, frame));
        if (!isRetained)
        {
            context.ReportDiagnostic(Diagnostic.Create(AsyncLambda, frame.Locations[0], frame.Type.Name, frame.Name));
        }
    }
}
