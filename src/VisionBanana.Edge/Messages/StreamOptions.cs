using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// What is published of each picture. A stream that is null is off; one whose percept the picture lacks is left out of that picture.
/// The options of each stream stand in its file (<see cref="StreamKind"/>).
/// </summary>
public sealed partial record StreamOptions
{
    /// <summary>The most encoded pictures that may be on their way to sinks at once; beyond it pictures are dropped, memory does not grow.</summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>
    /// Reads <c>streams</c> of a pipeline file: <c>false</c> turns a stream off, a section sets its options. Left out = everything that is painted is
    /// published.
    /// </summary>
    public static StreamOptions Read(YamlSection? section)
    {
        var options = new StreamOptions();
        if (section is not null)
        {
            foreach (StreamKind stream in Streams.All)
            {
                options = stream.Read(section, options);
            }

            section.RefuseUnknownKeys();
        }

        return options;
    }

    /// <summary>Refuses options that cannot work.</summary>
    /// <exception cref="ConfigurationException">What is wrong, one sentence each.</exception>
    internal void Check()
    {
        List<string> problems = [.. Streams.All.SelectMany(stream => stream.Problems(this))];
        if (PoolCapacity < 1)
        {
            problems.Add($"At least one encoded picture must fit the pool, found {PoolCapacity}.");
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, problems));
        }
    }
}
