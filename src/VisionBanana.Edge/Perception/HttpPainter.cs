using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A painter that another process runs, such as a large image generator on a workstation. Each instruction is one POST of a form
/// (multipart/form-data) with the picture as PNG in <c>image</c> and the prompt in <c>prompt</c>; the answer is the painting, a PNG of the same size.
/// Its depths are taken as painted. A request allocates: this is for generators that take a second, not for a camera's rate.
/// </summary>
public sealed class HttpPainter : IPainter
{
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
        Paint(frame, [Instruction.MetricDepth()]);
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
