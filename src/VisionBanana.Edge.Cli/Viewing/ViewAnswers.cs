using System.Text;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Answers to what a page asked.</summary>
internal static class ViewAnswers
{
    /// <summary>It was done.</summary>
    public static byte[] Done(int? id, string? note = null) => Message(new { Type = "answer", Id = id, Ok = true, Note = note });

    /// <summary>It was not.</summary>
    public static byte[] Failed(int? id, string error, IReadOnlyList<InstructionProblem>? problems = null) =>
        Message(new { Type = "answer", Id = id, Ok = false, Error = error, Problems = problems ?? [] });

    /// <summary>An object as it travels.</summary>
    public static byte[] Message<T>(T value) => Encoding.UTF8.GetBytes(Json.Line(value));
}
