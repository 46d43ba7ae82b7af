using YamlDotNet.Core;

namespace VisionBanana.Edge.Configuration;

/// <summary>Collects everything that is wrong with one file, so that it can be told at once.</summary>
public sealed class ProblemList(string file)
{
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>The file as the user named it.</summary>
    public string File { get; } = file;

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>Adds a problem that concerns the file as a whole.</summary>
    public void Add(string message) => _problems.Add(new ConfigurationProblem(File, 0, 0, message));

    /// <summary>Adds a problem with its place.</summary>
    public void Add(ConfigurationProblem problem) => _problems.Add(problem);

    /// <summary>Throws everything collected, if there is anything; what was found twice is told once.</summary>
    /// <exception cref="ConfigurationException">At least one problem was collected.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new ConfigurationException([.. _problems.Distinct().OrderBy(p => p.Line).ThenBy(p => p.Column)]);
        }
    }

    internal void Add(Mark mark, string message) => Add(new ConfigurationProblem(File, (int)mark.Line, (int)mark.Column, message));
}
