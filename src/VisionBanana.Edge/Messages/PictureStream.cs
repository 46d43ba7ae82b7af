using System.Collections.Immutable;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <summary>A stream of which every picture gives a message, with options of its own that turn it on.</summary>
/// <typeparam name="TOptions">Its options.</typeparam>
internal abstract class PictureStream<TOptions>(string name, params ImmutableArray<WireSchema> wireSchemas) : StreamKind(name, wireSchemas)
    where TOptions : class, IPictureStreamOptions, new()
{
    private const double MinRateHz = 0.001, MaxRateHz = 1000;

    internal sealed override StreamOptions Read(YamlSection streams, StreamOptions options)
    {
        if (!streams.Has(Name))
        {
            return options;
        }

        if (streams.IsScalar(Name))
        {
            return With(options, streams.OptionalBool(Name) == false ? null : new TOptions());
        }

        if (streams.OptionalSection(Name) is not { } section)
        {
            return options;
        }

        TOptions own = Read(section, section.OptionalDouble("rate_hz", MinRateHz, MaxRateHz));
        section.RefuseUnknownKeys();
        return With(options, own);
    }

    internal sealed override IEnumerable<string> Problems(StreamOptions options)
    {
        if (Of(options) is not { } own)
        {
            yield break;
        }

        foreach (string problem in Problems(own))
        {
            yield return problem;
        }

        if (own.RateHz is { } hz && !(hz is >= MinRateHz and <= MaxRateHz))
        {
            yield return FormattableString.Invariant($"The rate of {Name} is 0.001 to 1000 Hz, found {hz}; null means every picture.");
        }
    }

    internal sealed override bool NeedsEncoder(StreamOptions options) => Of(options) is { } own && NeedsEncoder(own);

    internal sealed override StreamOptions TurnOff(StreamOptions options) => With(options, null);

    internal sealed override StreamWriter? CreateWriter(StreamOptions options, IImageEncoder images) =>
        Of(options) is { } own ? CreateWriter(own, images) : null;

    /// <summary>The stream's own options; null = off.</summary>
    protected abstract TOptions? Of(StreamOptions options);

    /// <summary>The options with those of this stream replaced.</summary>
    protected abstract StreamOptions With(StreamOptions options, TOptions? own);

    /// <summary>Reads what the user set; <c>rate_hz</c> is read already.</summary>
    protected abstract TOptions Read(YamlSection section, double? rateHz);

    /// <summary>What is wrong with the stream's own options beside the rate, one sentence each.</summary>
    protected virtual IEnumerable<string> Problems(TOptions own) => [];

    /// <summary>Whether its messages need somebody who compresses pictures.</summary>
    protected virtual bool NeedsEncoder(TOptions own) => false;

    /// <summary>What writes the stream; <paramref name="images"/> can be used when <see cref="NeedsEncoder(TOptions)"/> says so.</summary>
    protected abstract PictureWriter CreateWriter(TOptions own, IImageEncoder images);
}
