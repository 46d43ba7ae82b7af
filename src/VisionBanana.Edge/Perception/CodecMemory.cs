namespace VisionBanana.Edge.Perception;

/// <summary>Remembers the codecs of the palettes or colours that were met: instructions that alternate must not rebuild their tables every frame.</summary>
internal sealed class CodecMemory<TKey, TCodec>(Func<TKey, TCodec> create)
    where TKey : notnull
{
    private const int MaxRemembered = 16;

    private readonly Dictionary<TKey, TCodec> _codecs = [];

    public TCodec For(TKey key)
    {
        if (_codecs.TryGetValue(key, out TCodec? codec))
        {
            return codec;
        }

        codec = create(key);
        if (_codecs.Count == MaxRemembered)
        {
            _codecs.Clear();
        }

        _codecs.Add(key, codec);
        return codec;
    }
}
