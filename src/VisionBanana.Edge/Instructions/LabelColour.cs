using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>One class of a palette.</summary>
/// <param name="Id">The id that label images carry for it; for the bundled painter the class id of its model.yaml.</param>
/// <param name="Name">Its name in the prompt.</param>
/// <param name="Colour">The colour it is to be painted in.</param>
public readonly record struct LabelColour(int Id, string Name, Rgb24 Colour);
