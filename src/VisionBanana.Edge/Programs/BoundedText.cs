using System.Buffers;
using System.Text;

namespace VisionBanana.Edge.Programs;

/// <summary>Reads what a program writes, which may be anything and any amount.</summary>
internal static class BoundedText
{
    /// <summary>Lines are cut after so many characters.</summary>
    public const int LongestLine = 4096;

    /// <summary>Everything up to the end; null when it is more than so many characters.</summary>
    public static string? Read(TextReader output, int most)
    {
        ArgumentNullException.ThrowIfNull(output);
        var text = new StringBuilder();
        char[] part = new char[4096];
        int count;
        while ((count = output.Read(part)) > 0)
        {
            if (text.Length + count > most)
            {
                return null;
            }

            text.Append(part, 0, count);
        }

        return text.ToString();
    }

    /// <summary>Hands on one line after the other, until the end; the rest of long ones is passed over.</summary>
    public static async Task LinesAsync(TextReader output, Action<string> line)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(line);
        char[] part = ArrayPool<char>.Shared.Rent(4096);
        var current = new StringBuilder();
        try
        {
            int count;
            while ((count = await output.ReadAsync(part.AsMemory()).ConfigureAwait(false)) > 0)
            {
                for (int i = 0; i < count; i++)
                {
                    if (part[i] is '\n')
                    {
                        line(current.ToString().TrimEnd('\r'));
                        current.Clear();
                    }
                    else if (current.Length < LongestLine)
                    {
                        current.Append(part[i]);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The program was ended, and its pipe with it.
        }

        ArrayPool<char>.Shared.Return(part);
        if (current.Length > 0)
        {
            line(current.ToString());
        }
    }
}
