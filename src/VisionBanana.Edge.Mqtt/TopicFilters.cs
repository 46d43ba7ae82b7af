namespace VisionBanana.Edge.Mqtt;

/// <summary>Topic filters of MQTT: <c>+</c> stands for one level, <c>#</c> at the end for all that follow, and for none.</summary>
internal static class TopicFilters
{
    /// <summary>What a filter may have at most: deeper or longer ones are nobody's topics.</summary>
    public const int MaxLevels = 32, MaxLength = 1024;

    /// <summary>True when a topic, or every topic of another filter, is one of this filter's.</summary>
    public static bool Covers(string filter, string topicOrFilter)
    {
        // A wildcard at the front does not stand for $SYS and the like.
        if (topicOrFilter.StartsWith('$') && filter is ['+' or '#', ..])
        {
            return false;
        }

        string[] wide = filter.Split('/'), narrow = topicOrFilter.Split('/');
        for (int i = 0; i < wide.Length; i++)
        {
            if (wide[i] == "#")
            {
                return true;
            }

            bool covered = i < narrow.Length && narrow[i] != "#" && (wide[i] == "+" || wide[i] == narrow[i]);
            if (!covered)
            {
                return false;
            }
        }

        return wide.Length == narrow.Length;
    }

    /// <summary>Null when it is a filter, or what is wrong with it.</summary>
    public static string? WhyNot(string filter)
    {
        string[] levels = filter.Split('/');
        return filter.Length is 0 or > MaxLength ? $"expected 1 to {MaxLength} characters, found {filter.Length}"
            : levels.Length > MaxLevels ? $"expected at most {MaxLevels} levels, found {levels.Length}"
            : levels.Any(l => l.Length > 1 && l.AsSpan().ContainsAny('+', '#')) ? "+ and # stand alone between two slashes"
            : levels.SkipLast(1).Contains("#") ? "# stands at the end"
            : null;
    }
}
