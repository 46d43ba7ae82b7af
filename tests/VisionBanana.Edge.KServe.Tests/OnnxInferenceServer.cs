using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.KServe.Wire;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.KServe.Tests;

/// <summary>An inference server of our own: speaks the Open Inference Protocol over gRPC and runs the graph of a package with ONNX Runtime.</summary>
internal sealed class OnnxInferenceServer : GRPCInferenceService.GRPCInferenceServiceBase, IAsyncDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelGraphSummary _graph;
    private readonly string _model;
    private WebApplication? _application;

    private OnnxInferenceServer(ModelPackage package, string model)
    {
        ModelFile file = package.FileFor(ModelPrecision.Fp32);
        _session = new InferenceSession(package.PathOf(file));
        _graph = package.Inspect().Graphs.First(g => g.File == file);
        _model = model;
    }

    public Uri Endpoint { get; private set; } = new("http://127.0.0.1");

    public bool IsReady { get; set; } = true;

    public TimeSpan Delay { get; set; }

    /// <summary>Changes what the server says of its model.</summary>
    public Action<ModelMetadataResponse> Metadata { get; set; } = static _ => { };

    /// <summary>Changes what it answers.</summary>
    public Action<ModelInferResponse> Answer { get; set; } = static _ => { };

    public static async Task<OnnxInferenceServer> StartAsync(ModelPackage package, string model, X509Certificate2? certificate = null)
    {
        var server = new OnnxInferenceServer(package, model);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (256 << 20, 256 << 20));
        builder.Services.AddSingleton(server);
        server._application = builder.Build();
        server._application.MapGrpcService<OnnxInferenceServer>();
        await server._application.StartAsync();
        server.Endpoint = new Uri(server._application.Urls.First());
        return server;
    }

    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = IsReady });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ModelReadyResponse { Ready = Has(request.Name) });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        Has(request.Name);
        var response = new ModelMetadataResponse { Name = _model, Platform = "onnxruntime_onnx", Versions = { "1" } };
        response.Inputs.AddRange(_graph.Inputs.Select(Tensor));
        response.Outputs.AddRange(_graph.Outputs.Select(Tensor));
        Metadata(response);
        return Task.FromResult(response);
    }

    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        Has(request.ModelName);
        await Task.Delay(Delay, context.CancellationToken);
        OrtValue[] inputs =
        [
            .. request.Inputs.Select((tensor, i) => Value(tensor.Datatype, [.. tensor.Shape], request.RawInputContents[i].ToByteArray())),
        ];
        string[] names = [.. request.Outputs.Select(o => o.Name)];
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, [.. request.Inputs.Select(i => i.Name)], inputs, names);
        var response = new ModelInferResponse { ModelName = _model, ModelVersion = "1", Id = request.Id };
        for (int i = 0; i < names.Length; i++)
        {
            var tensor = new ModelInferResponse.Types.InferOutputTensor { Name = names[i], Datatype = "FP32" };
            tensor.Shape.AddRange(outputs[i].GetTensorTypeAndShape().Shape);
            response.Outputs.Add(tensor);
            response.RawOutputContents.Add(ByteString.CopyFrom(outputs[i].GetTensorMutableRawData()));
        }

        Array.ForEach(inputs, v => v.Dispose());
        Answer(response);
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _session.Dispose();
    }

    private bool Has(string name) => name == _model ? true : throw new RpcException(new Status(StatusCode.NotFound, $"unknown model '{name}'"));

    private static ModelMetadataResponse.Types.TensorMetadata Tensor(GraphTensor tensor)
    {
        var metadata = new ModelMetadataResponse.Types.TensorMetadata { Name = tensor.Name, Datatype = tensor.Type == "int64" ? "INT64" : "FP32" };
        metadata.Shape.AddRange(tensor.Shape!.Value.Select(d => long.TryParse(d, out long number) ? number : -1));
        return metadata;
    }

    private static OrtValue Value(string type, long[] shape, byte[] data)
    {
        OrtAllocator allocator = OrtAllocator.DefaultInstance;
        var value = OrtValue.CreateAllocatedTensorValue(allocator, type == "INT64" ? TensorElementType.Int64 : TensorElementType.Float, shape);
        data.CopyTo(value.GetTensorMutableRawData());
        return value;
    }
}
