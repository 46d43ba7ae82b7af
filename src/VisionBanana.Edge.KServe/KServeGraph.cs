using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using VisionBanana.Edge.KServe.Wire;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.KServe;

/// <summary>
/// A graph on an inference server that speaks KServe v2 (Open Inference Protocol) over gRPC: Triton, OpenVINO Model Server, KServe. Tensors travel raw.
/// Each call has a deadline, which the server is told; nothing is sent twice.
/// </summary>
public sealed class KServeGraph : IGraphServer
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromSeconds(2);

    private readonly KServeOptions _options;
    private readonly TimeProvider _clock;
    private readonly GrpcChannel _channel;
    private readonly GRPCInferenceService.GRPCInferenceServiceClient _client;
    private readonly Metadata _headers = [];
    private readonly X509Certificate2? _certificate;

    /// <summary>Checks the options; nothing is sent yet.</summary>
    /// <param name="options">Which server and model.</param>
    /// <param name="clock">Measures deadlines and pauses; null = the system's.</param>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    public KServeGraph(KServeOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Endpoint.IsAbsoluteUri || options.Endpoint.Scheme is not ("http" or "https"))
        {
            throw new ConfigurationException($"The endpoint of an inference server is an address like http://host:8001, found '{options.Endpoint}'.");
        }

        bool isTls = options.Endpoint.Scheme == "https";
        if (!isTls && (options.CaFile ?? options.CertificateFile ?? options.KeyFile) is not null)
        {
            throw new ConfigurationException($"Certificates are for TLS: expected an endpoint https://…, found '{options.Endpoint}'.");
        }

        (_options, _clock) = (options, clock ?? TimeProvider.System);
        if (options.BearerToken is { } token)
        {
            _headers.Add("authorization", $"Bearer {token}");
        }

        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        _certificate = isTls ? AddTls(handler, options) : null;
        _channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = options.MaxAnswerBytes,
            MaxSendMessageSize = null,
        });
        _client = new GRPCInferenceService.GRPCInferenceServiceClient(_channel);
    }

    /// <inheritdoc/>
    public string Name => _options.ModelVersion.Length == 0
        ? $"{_options.Model} at {_options.Endpoint}" : $"{_options.Model} version {_options.ModelVersion} at {_options.Endpoint}";

    /// <inheritdoc/>
    public ServedGraph Describe()
    {
        long start = _clock.GetTimestamp();
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            string? why;
            try
            {
                why = WhyNotReady();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                why = Explain(e);
            }
            catch (RpcException e)
            {
                throw new InferenceException($"{Name}: {Explain(e)}", e);
            }

            if (why is null)
            {
                return Metadata();
            }

            if (_clock.GetElapsedTime(start) + pause > _options.ReadyTimeout)
            {
                throw new InferenceException(
                    $"{Name}: {why}. It was waited for {_options.ReadyTimeout.TotalSeconds:0.#} s: is the server's gRPC port right, and the model loaded?");
            }

            using var wait = new ManualResetEventSlim();
            wait.Wait(pause);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<GraphValue> Run(IReadOnlyList<GraphValue> inputs, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        var request = new ModelInferRequest { ModelName = _options.Model, ModelVersion = _options.ModelVersion };
        foreach (GraphValue input in inputs)
        {
            var tensor = new ModelInferRequest.Types.InferInputTensor { Name = input.Name, Datatype = input.DataType };
            tensor.Shape.AddRange(input.Shape);
            request.Inputs.Add(tensor);

            // The bytes are the caller's until the call returns, and are only read.
            request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(input.Data));
        }

        request.Outputs.AddRange(outputs.Select(name => new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name }));
        try
        {
            return Read(_client.ModelInfer(request, Call(_options.Timeout, cancellationToken)), outputs);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (RpcException e)
        {
            throw new InferenceException($"{Name}: {Explain(e)}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _certificate?.Dispose();
    }

    private string? WhyNotReady()
    {
        if (!_client.ServerLive(new ServerLiveRequest(), Call(_options.Timeout)).Live)
        {
            return "the server says that it is not live";
        }

        if (!_client.ServerReady(new ServerReadyRequest(), Call(_options.Timeout)).Ready)
        {
            return "the server says that it is not ready";
        }

        var request = new ModelReadyRequest { Name = _options.Model, Version = _options.ModelVersion };
        return _client.ModelReady(request, Call(_options.Timeout)).Ready ? null : $"the server says that the model '{_options.Model}' is not ready";
    }

    private ServedGraph Metadata()
    {
        try
        {
            var request = new ModelMetadataRequest { Name = _options.Model, Version = _options.ModelVersion };
            ModelMetadataResponse found = _client.ModelMetadata(request, Call(_options.Timeout));
            return new ServedGraph(found.Name, [.. found.Versions], found.Platform, [.. found.Inputs.Select(Tensor)], [.. found.Outputs.Select(Tensor)]);
        }
        catch (RpcException e)
        {
            throw new InferenceException($"{Name}: {Explain(e)}", e);
        }
    }

    private static ServedTensor Tensor(ModelMetadataResponse.Types.TensorMetadata tensor) => new(tensor.Name, tensor.Datatype, [.. tensor.Shape]);

    private GraphValue[] Read(ModelInferResponse answer, IReadOnlyList<string> outputs)
    {
        if (answer.RawOutputContents.Count != answer.Outputs.Count)
        {
            throw new InferenceException(
                $"{Name} answered {answer.Outputs.Count} outputs with {answer.RawOutputContents.Count} raw contents: expected raw_output_contents for each.");
        }

        var values = new GraphValue[outputs.Count];
        for (int i = 0; i < outputs.Count; i++)
        {
            int at = -1;
            for (int k = 0; k < answer.Outputs.Count; k++)
            {
                at = answer.Outputs[k].Name == outputs[i] ? k : at;
            }

            if (at < 0)
            {
                throw new InferenceException(
                    $"{Name} gave no output '{outputs[i]}', but "
                        + $"{(answer.Outputs.Count == 0 ? "none" : string.Join(", ", answer.Outputs.Select(o => o.Name)))}.");
            }

            ModelInferResponse.Types.InferOutputTensor tensor = answer.Outputs[at];
            values[i] = new GraphValue(tensor.Name, tensor.Datatype, [.. tensor.Shape], answer.RawOutputContents[at].Memory);
        }

        return values;
    }

    private CallOptions Call(TimeSpan limit, CancellationToken cancellationToken = default) =>
        new(_headers, _clock.GetUtcNow().UtcDateTime + limit, cancellationToken);

    private string Explain(RpcException error) => error.StatusCode switch
    {
        StatusCode.DeadlineExceeded => FormattableString.Invariant($"no answer within {_options.Timeout.TotalMilliseconds:0} ms (timeout_ms)"),
        _ when error.Status.DebugException is HttpRequestException { InnerException: { } cause } =>
            $"the server cannot be reached ({cause.Message.TrimEnd('.')})",
        StatusCode.Unavailable => $"the server cannot be reached ({error.Status.Detail.TrimEnd('.')})",
        StatusCode.NotFound => $"the server does not have the model '{_options.Model}' ({error.Status.Detail.TrimEnd('.')})",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => $"the server does not let us in ({error.Status.Detail.TrimEnd('.')})",
        _ => $"the server answered {error.StatusCode}: {error.Status.Detail}",
    };

    private static X509Certificate2? AddTls(SocketsHttpHandler handler, KServeOptions options)
    {
        X509Certificate2? own = null;
        try
        {
            if (options.CertificateFile is { } file)
            {
                own = X509Certificate2.CreateFromPemFile(file, options.KeyFile);
                handler.SslOptions.ClientCertificates = [own];
            }

            if (options.CaFile is { } caFile)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(caFile);
                if (authorities.Count == 0)
                {
                    throw new ConfigurationException($"No certificate stands in {caFile}: expected PEM.");
                }

                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.AddRange(authorities);
                handler.SslOptions.CertificateChainPolicy = policy;
            }

            return own;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            own?.Dispose();
            throw new ConfigurationException($"A certificate for {options.Endpoint} cannot be read: {e.Message}", e);
        }
    }
}
