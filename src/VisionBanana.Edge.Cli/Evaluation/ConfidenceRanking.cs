namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How well low confidence finds wrong depths.</summary>
internal static class ConfidenceRanking
{
    /// <summary>
    /// The area under the ROC curve of "low confidence" as a detector of pixels that are off by a quarter or more: 1 = every wrong pixel is less
    /// sure than every right one, 0.5 = chance. NaN when all pixels are right, or all wrong. Equal confidences share their rank.
    /// </summary>
    public static double Auc(ReadOnlySpan<float> confidence, ReadOnlySpan<bool> isRight)
    {
        float[] keys = confidence.ToArray();
        bool[] right = isRight.ToArray();
        Array.Sort(keys, right);
        double rights = right.Count(r => r), wrongs = right.Length - rights, area = 0, wrongsBelow = 0;
        for (int start = 0; start < keys.Length;)
        {
            int end = start, rightsHere = 0;
            for (; end < keys.Length && keys[end] == keys[start]; end++)
            {
                rightsHere += right[end] ? 1 : 0;
            }

            int wrongsHere = end - start - rightsHere;
            area += rightsHere * (wrongsBelow + (wrongsHere / 2.0));
            wrongsBelow += wrongsHere;
            start = end;
        }

        return rights > 0 && wrongs > 0 ? area / (rights * wrongs) : double.NaN;
    }
}
