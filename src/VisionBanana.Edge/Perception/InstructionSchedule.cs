using System.Collections.Concurrent;
using System.Collections.Immutable;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Spreads instructions over pictures: "depth every picture, labels every third". Instructions that are not asked every time are
/// staggered, so that they do not all fall on the same picture. May be changed from any thread while the pipeline runs.
/// </summary>
public sealed class InstructionSchedule
{
    private volatile Plan _plan;
    private Instruction[]? _requested;

    /// <summary>Creates a schedule.</summary>
    /// <exception cref="ConfigurationException">Nothing is asked, an interval is below 1, or one kind is asked twice.</exception>
    public InstructionSchedule(params IEnumerable<ScheduledInstruction> instructions) => _plan = new Plan(instructions);

    /// <summary>What is asked now.</summary>
    public ImmutableArray<ScheduledInstruction> Instructions => _plan.Entries;

    /// <summary>Replaces everything that is asked, from the next picture on.</summary>
    /// <exception cref="ConfigurationException">Nothing is asked, an interval is below 1, or one kind is asked twice.</exception>
    public void Set(params IEnumerable<ScheduledInstruction> instructions) => _plan = new Plan(instructions);

    /// <summary>Asks once, with the next picture, instead of what was due or requested of the same kinds.</summary>
    public void Request(params IEnumerable<Instruction> instructions)
    {
        Instruction[] added = [.. instructions];
        Instruction[]? before, after;
        do
        {
            before = Volatile.Read(ref _requested);
            after = before is null ? added : With(before, added);
        }
        while (Interlocked.CompareExchange(ref _requested, after, before) != before);
    }

    /// <summary>The instructions for the picture with this index (0, 1, 2 …). The list is cached: nothing is allocated once warm.</summary>
    public IReadOnlyList<Instruction> Due(long index)
    {
        IReadOnlyList<Instruction> due = _plan.Due(index);
        return Volatile.Read(ref _requested) is not null && Interlocked.Exchange(ref _requested, null) is { } requested ? With(due, requested) : due;
    }

    private static Instruction[] With(IReadOnlyList<Instruction> due, Instruction[] requested) =>
        [.. due.Where(i => !Array.Exists(requested, r => r.Kind == i.Kind)), .. requested];

    private sealed class Plan
    {
        private readonly ConcurrentDictionary<ulong, Instruction[]> _lists = new();

        public Plan(IEnumerable<ScheduledInstruction> instructions)
        {
            Entries = [.. instructions];
            if (Entries.Length is 0 or > 64)
            {
                throw new ConfigurationException($"A schedule holds 1 to 64 instructions, found {Entries.Length}: ask for depth, labels or normals.");
            }

            foreach (ScheduledInstruction entry in Entries)
            {
                if (entry.Every < 1)
                {
                    throw new ConfigurationException($"'every' counts pictures from 1, found {entry.Every} for: {entry.Instruction.Prompt}");
                }
            }

            if (Entries.GroupBy(e => e.Instruction.Kind).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new ConfigurationException(
                    $"{twice.Key} is asked {twice.Count()} times: ask for one instruction of a kind (several classes go in one palette).");
            }
        }

        public ImmutableArray<ScheduledInstruction> Entries { get; }

        public Instruction[] Due(long index)
        {
            ulong mask = 0;
            for (int i = 0; i < Entries.Length; i++)
            {
                int every = Entries[i].Every;
                if (index % every == i % every)
                {
                    mask |= 1UL << i;
                }
            }

            return _lists.TryGetValue(mask, out Instruction[]? due) ? due : _lists.GetOrAdd(mask, List(mask));
        }

        private Instruction[] List(ulong mask) => [.. Entries.Where((_, i) => (mask & (1UL << i)) != 0).Select(e => e.Instruction)];
    }
}
