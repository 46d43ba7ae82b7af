using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// Objects of one class: the value of the task input is <see cref="FirstId"/> + the id of the class. Palette rows are colours that tell objects
/// apart, one of them the instruction's background; which object takes which row is the model's choice.
/// </summary>
/// <param name="FirstId">Value of the task input for the class with id 0.</param>
/// <param name="BackgroundSlot">The palette row of everything that is no such object.</param>
/// <param name="ClassIds">The classes whose objects may be asked for.</param>
public sealed record InstancesTask(int FirstId, int BackgroundSlot, ImmutableArray<int> ClassIds)
{
    /// <summary>The most slots that colours far enough apart are found for.</summary>
    public const int MostSlots = 128;

    /// <summary>The value of the task input for objects of a class.</summary>
    public int TaskOf(int classId) => FirstId + classId;
}
