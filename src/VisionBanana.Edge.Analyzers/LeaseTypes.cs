using System.Linq;
using Microsoft.CodeAnalysis;

namespace VisionBanana.Edge.Analyzers;

/// <summary>Which types are leases, or hold some.</summary>
internal sealed class LeaseTypes(INamedTypeSymbol lease)
{
    /// <summary>The lease among the elements of an observable sequence; null = the type is none, or its elements are no leases.</summary>
    public ITypeSymbol? ElementOf(ITypeSymbol? type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return ElementOf(array.ElementType);
        }

        if (type is not INamedTypeSymbol named)
        {
            return null;
        }

        // IObservable<frame>, what implements it, and IEnumerable<IObservable<frame>> as CombineLatest takes it.
        return named.AllInterfaces.Concat([named]).Where(IsObservable).Select(i => LeaseIn(i.TypeArguments[0])).FirstOrDefault(t => t is not null)
            ?? (IsObservable(named) ? null : named.TypeArguments.Where(IsObservable).Select(ElementOf).FirstOrDefault(t => t is not null));
    }

    /// <summary>Whether a type is a lease.</summary>
    public bool IsLease(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(IsLease),
        _ => SymbolEqualityComparer.Default.Equals(type, lease) || (type.BaseType is { } parent && IsLease(parent)),
    };

    private static bool IsObservable(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "IObservable", TypeArguments.Length: 1, ContainingNamespace.Name: "System" };

    private ITypeSymbol? LeaseIn(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => LeaseIn(array.ElementType),
        _ when IsLease(type) => type,
        INamedTypeSymbol named => named.TypeArguments.Select(LeaseIn).FirstOrDefault(t => t is not null),
        _ => null,
    };
}
