namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>The sessions of this process: painters that run the same file in the same way share one, its weights and its engine.</summary>
internal static class SessionPool
{
    private static readonly Dictionary<string, Slot> Slots = new(StringComparer.Ordinal);

    /// <summary>The session of a key, opened when nobody has it yet. Others with the same key wait meanwhile.</summary>
    public static SessionLease Rent(string key, Func<PooledSession> open)
    {
        Slot slot;
        lock (Slots)
        {
            slot = Slots.TryGetValue(key, out Slot? known) ? known : Slots[key] = new Slot();
            slot.Leases++;
        }

        try
        {
            lock (slot.Opening)
            {
                slot.Session ??= open();
            }

            return new SessionLease(slot.Session, () => Return(key, slot));
        }
        catch
        {
            Return(key, slot);
            throw;
        }
    }

    private static void Return(string key, Slot slot)
    {
        lock (Slots)
        {
            if (--slot.Leases > 0)
            {
                return;
            }

            Slots.Remove(key);
        }

        slot.Session?.Dispose();
    }

    private sealed class Slot
    {
        public Lock Opening { get; } = new();

        public int Leases { get; set; }

        public PooledSession? Session { get; set; }
    }
}
