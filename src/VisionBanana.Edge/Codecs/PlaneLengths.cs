namespace VisionBanana.Edge.Codecs;

/// <summary>Checks that planes belong to the same picture.</summary>
internal static class PlaneLengths
{
    public static void Require(int expected, int found, string name)
    {
        if (found != expected)
        {
            throw new ArgumentException($"Expected {expected} elements to match the picture, found {found}.", name);
        }
    }

    public static void RequireOrEmpty(int expected, int found, string name)
    {
        if (found != 0)
        {
            Require(expected, found, name);
        }
    }
}
