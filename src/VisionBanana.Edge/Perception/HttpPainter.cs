using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A painter that another process runs, such as a large image generator on a workstation. Each instruction is one POST of a form
/// (multipart/form-data) with the picture as PNG in <c>image</c> and the prompt in <c>prompt</c>; the answer is the painting, a PNG of the same size.
/// Its depths are read along its own walk (<see cref="HttpPainterOptions.Walk"/>). A request allocates: this is for generators that take a second, not for a
/// camera's rate.
/// </summary>
public sealed class HttpPainter : IPainter
{
    private const int CheckReach = 2;
    private const int MostAnswerBytes = 64 << 20, MostErrorText = 300;

    private readonly HttpPainterOptions _options;
    private readonly IImageEncoder _encoder;
    private readonly IImageDecoder _decoder;
    private readonly HttpClient _client;
    private readonly ArrayBufferWriter<byte> _png = new();

    /// <summary>Creates the painter; nothing is sent yet.</summary>
    /// <param name="options">Where it is and what it paints.</param>
    /// <param name="encoder">Writes PNG; stays the caller's.</param>
    /// <param name="decoder">Reads PNG.</param>
    /// <exception cref="ConfigurationException">The endpoint or the size cannot be used.</exception>
    public HttpPainter(HttpPainterOptions options, IImageEncoder encoder, IImageDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        if (!options.Endpoint.IsAbsoluteUri || options.Endpoint.Scheme is not ("http" or "https"))
        {
            throw new ConfigurationException($"The endpoint of a painter is an address like http://host:8000/paint, found '{options.Endpoint}'.");
        }

        if (options.Width <= 0 || options.Height <= 0)
        {
            throw new ConfigurationException($"A painter paints pictures of at least one pixel, found {options.Width}×{options.Height}.");
        }

        (_options, _encoder, _decoder) = (options, encoder, decoder);

        // A kept connection may be given up by the server just when the next picture is posted: each painting gets a new one.
        // Pictures and token go to the server that was named, wherever it points to.
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false, UseCookies = false };
        _client = new HttpClient(handler) { Timeout = options.Timeout, MaxResponseContentBufferSize = MostAnswerBytes };
        if (options.BearerToken is { } token)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        Description = new PainterDescription
        {
            Name = options.Name,
            Version = options.Version,
            Sha256 = "",
            Provider = "http",
            Width = options.Width,
            Height = options.Height,
            HorizontalFovDegrees = options.HorizontalFovDegrees,
            Classes = options.Classes,
            Kinds = options.Kinds,
        };
    }

    /// <inheritdoc/>
    public PainterDescription Description { get; }

    /// <summary>Has a grey picture painted, so that a server that is not there, or paints another size, is known before the first picture.</summary>
    /// <exception cref="InferenceException">It does not answer as it must.</exception>
    public void Check()
    {
        using PerceptionFrame frame = PerceptionFrame.CreatePool(1, _options.Width, _options.Height).TryRent(out PerceptionFrame? rented)
            ? rented
            : throw new InvalidOperationException("A new pool has a frame.");
        frame.Color.Fill(new Rgb24(128, 128, 128));
        if (_options.Known is { } picture)
        {
            Load(picture, frame.ColorBytes);
        }

        Paint(frame, [Instruction.MetricDepth()]);
        if (_options.Known is { } known)
        {
            Compare(known, frame);
        }
    }

    private void Load(KnownDistance known, Span<byte> pixels)
    {
        try
        {
            byte[] file = File.ReadAllBytes(known.Picture);
            (int width, int height) = _decoder.ReadSize(file);
            if (width != _options.Width || height != _options.Height)
            {
                throw new ConfigurationException(
                    $"{known.Picture} is {width}×{height}, expected {_options.Width}×{_options.Height}: a check is a picture as the painter gets it.");
            }

            _decoder.Decode(file, width, height, PixelFormat.Rgb8, pixels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MessageFormatException)
        {
            throw new ConfigurationException($"The picture of the check, {known.Picture}, cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The median around the pixel is what is compared: a painting has seams.</summary>
    private void Compare(KnownDistance known, PerceptionFrame frame)
    {
        if (known.X < 0 || known.Y < 0 || known.X >= frame.Width || known.Y >= frame.Height)
        {
            throw new ConfigurationException($"The pixel {known.X}, {known.Y} of the check lies outside {frame.Width}×{frame.Height}.");
        }

        Percept percept = frame.Find(PerceptKind.Depth)!;
        if (!percept.PainterGaveValues)
        {
            _options.Walk.Decode(percept.Painting, percept.Depth, percept.Confidence);
        }

        var around = new List<float>();
        for (int y = Math.Max(known.Y - CheckReach, 0); y <= Math.Min(known.Y + CheckReach, frame.Height - 1); y++)
        {
            for (int x = Math.Max(known.X - CheckReach, 0); x <= Math.Min(known.X + CheckReach, frame.Width - 1); x++)
            {
                around.Add(percept.Depth[(y * frame.Width) + x]);
            }
        }

        around.Sort();
        float found = around[around.Count / 2];
        if (!(Math.Abs(found - known.DistanceM) <= known.Tolerance * known.DistanceM))
        {
            throw new InferenceException(FormattableString.Invariant(
                $"{_options.Name} painted {found:0.###} m at {known.X}, {known.Y} of {known.Picture}, expected {known.DistanceM:0.###} m within ")
                + FormattableString.Invariant($"{known.Tolerance * 100:0.#} %: it paints along another walk (walk, lambda, c: a factor of ")
                + FormattableString.Invariant($"{known.DistanceM / found:0.###} on c would fit), or for another field of view (hfov_deg)."));
        }
    }

    /// <inheritdoc/>
    public string? WhyNot(Instruction instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        return _options.Kinds.Contains(instruction.Kind) ? null : $"{_options.Name} is not set up for {InstructionForms.Of(instruction.Kind).Word}";
    }

    /// <inheritdoc/>
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(instructions);
        if (frame.Width != _options.Width || frame.Height != _options.Height)
        {
            throw new InferenceException($"{_options.Name} takes pictures of {_options.Width}×{_options.Height}, found {frame.Width}×{frame.Height}; rectify "
                + "the picture to that size first.");
        }

        _png.ResetWrittenCount();
        _encoder.EncodePng(frame.ColorBytes, frame.Width, frame.Height, _png);
        for (int i = 0; i < instructions.Count; i++)
        {
            byte[] painting = Ask(instructions[i].Prompt, cancellationToken);
            Percept percept = frame.Add(instructions[i]);
            Read(painting, percept.PaintingBytes);
            if (percept.Kind == PerceptKind.Depth && !_options.Walk.IsPaper)
            {
                // What goes on from here is a painting of the paper's walk, whatever was painted.
                _options.Walk.Decode(percept.Painting, percept.Depth, percept.Confidence);
                (percept.PainterGaveValues, percept.PainterGaveConfidence) = (true, true);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private byte[] Ask(string prompt, CancellationToken cancellationToken)
    {
        using var image = new ReadOnlyMemoryContent(_png.WrittenMemory);
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var text = new StringContent(prompt, Encoding.UTF8);
        using var form = new MultipartFormDataContent { { image, "image", "image.png" }, { text, "prompt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = form };
        try
        {
            using HttpResponseMessage response = _client.Send(request, cancellationToken);
            using var body = new MemoryStream();
            response.Content.ReadAsStream(cancellationToken).CopyTo(body);
            if (response.Headers.Location is { } elsewhere && (int)response.StatusCode is >= 300 and < 400)
            {
                throw new InferenceException(
                    $"{_options.Endpoint} answered {(int)response.StatusCode} and points to {elsewhere}, which is not followed: set endpoint to where the "
                        + "painter is.");
            }

            if (!response.IsSuccessStatusCode)
            {
                string said = Encoding.UTF8.GetString(body.ToArray().AsSpan(0, (int)Math.Min(body.Length, MostErrorText))).Trim();
                throw new InferenceException(
                    $"{_options.Endpoint} answered {(int)response.StatusCode} {response.ReasonPhrase}{(said.Length > 0 ? $": {said}" : "")}");
            }

            return body.ToArray();
        }
        catch (HttpRequestException e)
        {
            throw new InferenceException($"{_options.Endpoint} cannot be asked: {(e.InnerException ?? e).Message} Is the painter's server running there?", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InferenceException(
                FormattableString.Invariant(
                    $"{_options.Endpoint} gave no painting within {_options.Timeout.TotalSeconds:0.###} s: allow more time, or ask for a smaller picture."), e);
        }
        catch (IOException e)
        {
            throw new InferenceException($"{_options.Endpoint} broke off its answer: {e.Message}", e);
        }
    }

    private void Read(byte[] answer, Span<byte> painting)
    {
        try
        {
            (int width, int height) = _decoder.ReadSize(answer);
            if (width != _options.Width || height != _options.Height)
            {
                throw new InferenceException(
                    $"{_options.Endpoint} painted {width}×{height}, expected {_options.Width}×{_options.Height}: a painting is decoded at the size it was "
                        + "painted, never resized. Set width and height to what the server paints.");
            }

            _decoder.Decode(answer, width, height, PixelFormat.Rgb8, painting);
        }
        catch (MessageFormatException e)
        {
            throw new InferenceException($"{_options.Endpoint} answered with {answer.Length} bytes that are no picture; expected a PNG.", e);
        }
    }
}
