using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What an ONNX file says about itself, read without an inference engine (fields of onnx.proto).</summary>
internal sealed class OnnxGraph
{
    /// <summary>Graphs inside each other; real ones have a branch in the body of a loop.</summary>
    private const int MostNested = 32;

    /// <summary>Domains whose operators ONNX Runtime has itself.</summary>
    private static readonly HashSet<string> BuiltIn =
        new(["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental",
            "com.ms.internal.nhwc"], StringComparer.Ordinal);

    private readonly List<GraphTensor> _inputs = [];
    private readonly List<GraphTensor> _outputs = [];
    private readonly HashSet<string> _initialisers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _externalFiles = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _operators = new(StringComparer.Ordinal);
    private readonly HashSet<(string Domain, string Name)> _used = [];
    private readonly HashSet<(string Domain, string Name)> _defined = [];
    private bool _hasGraph;

    private OnnxGraph()
    {
    }

    public long IrVersion { get; private set; }

    /// <summary>The version of the standard operator set; null when the file names none.</summary>
    public long? Opset { get; private set; }

    public string Producer { get; private set; } = "";

    public int Nodes { get; private set; }

    /// <summary>Elements of all weights.</summary>
    public long Parameters { get; private set; }

    /// <summary>Inputs that somebody must fill: weights that old files list among the inputs are left out.</summary>
    public ImmutableArray<GraphTensor> Inputs { get; private set; }

    public ImmutableArray<GraphTensor> Outputs { get; private set; }

    /// <summary>Files beside the model that hold numbers of it: of weights, constants, or anything inside its inner graphs and functions.</summary>
    public IReadOnlyCollection<string> ExternalFiles => _externalFiles;

    /// <summary>The kinds of its nodes, inner graphs and functions included: <c>Conv</c>, <c>com.microsoft::Attention</c>.</summary>
    public IReadOnlySet<string> Operators => _operators;

    /// <summary>Operators that neither ONNX Runtime nor the file itself defines: they would need a library of somebody's own.</summary>
    public IEnumerable<string> ForeignOperators =>
        _used.Where(u => !BuiltIn.Contains(u.Domain) && !_defined.Contains(u)).Select(u => $"{u.Domain}::{u.Name}").Order(StringComparer.Ordinal);

    /// <exception cref="FormatException">The bytes are no ONNX model.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> model)
    {
        var graph = new OnnxGraph();
        var reader = new ProtoReader(model);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    graph.IrVersion = (long)reader.Number;
                    break;
                case 2:
                    graph.Producer = reader.Text;
                    break;
                case 7:
                    graph._hasGraph = true;
                    graph.ReadGraph(reader.Bytes, 0);
                    break;
                case 8:
                    graph.ReadOpset(reader.Bytes);
                    break;
                case 20:
                    graph.ReadTraining(reader.Bytes);
                    break;
                case 25:
                    graph.ReadFunction(reader.Bytes);
                    break;
            }
        }

        if (!graph._hasGraph || graph.IrVersion is < 1 or > 1000)
        {
            throw new FormatException("it holds no graph");
        }

        graph.Inputs = [.. graph._inputs.Where(t => !graph._initialisers.Contains(t.Name))];
        graph.Outputs = [.. graph._outputs];
        return graph;
    }

    private void ReadOpset(ReadOnlySpan<byte> message)
    {
        string domain = "";
        long version = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    domain = reader.Text;
                    break;
                case 2:
                    version = (long)reader.Number;
                    break;
            }
        }

        if (domain is "" or "ai.onnx")
        {
            Opset = version;
        }
    }

    /// <summary>A graph, or one inside a node: a branch, the body of a loop, or the steps of a training run.</summary>
    /// <param name="message">GraphProto.</param>
    /// <param name="depth">0 = the model's own.</param>
    private void ReadGraph(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    ReadNode(reader.Bytes, depth);
                    break;
                case 5:
                    ReadTensorValue(reader.Bytes, depth == 0);
                    break;
                case 11 when depth == 0:
                    _inputs.Add(GraphTensorReader.Read(reader.Bytes));
                    break;
                case 12 when depth == 0:
                    _outputs.Add(GraphTensorReader.Read(reader.Bytes));
                    break;
                case 15:
                    ReadSparse(reader.Bytes);
                    break;
            }
        }
    }

    private void ReadNode(ReadOnlySpan<byte> message, int depth)
    {
        string type = "", domain = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 4:
                    type = reader.Text;
                    break;
                case 5:
                    ReadAttribute(reader.Bytes, depth);
                    break;
                case 7:
                    domain = reader.Text;
                    break;
            }
        }

        Nodes += depth == 0 ? 1 : 0;
        _operators.Add(domain is "" or "ai.onnx" ? type : $"{domain}::{type}");
        _used.Add((domain, type));
    }

    /// <summary>An attribute holds constants and whole graphs.</summary>
    private void ReadAttribute(ReadOnlySpan<byte> message, int depth)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 5 or 10 when reader.HasBytes:
                    ReadTensorValue(reader.Bytes, isWeight: false);
                    break;
                case 6 or 11 when reader.HasBytes:
                    ReadGraph(reader.Bytes, Deeper(depth));
                    break;
                case 22 or 23 when reader.HasBytes:
                    ReadSparse(reader.Bytes);
                    break;
            }
        }
    }

    /// <summary>A function that the file defines for its own nodes.</summary>
    private void ReadFunction(ReadOnlySpan<byte> message)
    {
        string name = "", domain = "";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text;
                    break;
                case 7:
                    ReadNode(reader.Bytes, 1);
                    break;
                case 10:
                    domain = reader.Text;
                    break;
                case 11:
                    ReadAttribute(reader.Bytes, 1);
                    break;
            }
        }

        _defined.Add((domain, name));
    }

    private void ReadTraining(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2 && reader.HasBytes)
            {
                ReadGraph(reader.Bytes, 1);
            }
        }
    }

    private void ReadSparse(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Field is 1 or 2 && reader.HasBytes)
            {
                ReadTensorValue(reader.Bytes, isWeight: false);
            }
        }
    }

    private void ReadTensorValue(ReadOnlySpan<byte> message, bool isWeight)
    {
        const ulong External = 1;
        var dims = new List<long>();
        string? name = null, place = null;
        bool outside = false;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    reader.AppendNumbers(dims);
                    break;
                case 8:
                    name = reader.Text;
                    break;
                case 13:
                    outside = true;
                    place = ReadPlace(reader.Bytes) ?? place;
                    break;
                case 14:
                    outside |= reader.Number == External;
                    break;
            }
        }

        if (outside)
        {
            _externalFiles.Add(place ?? "an unnamed place");
        }

        long count = 1;
        foreach (long dim in dims)
        {
            count = dim is >= 0 and < int.MaxValue && count < long.MaxValue / int.MaxValue
                ? count * dim
                : throw new FormatException("a weight has an impossible shape");
        }

        if (isWeight)
        {
            _initialisers.Add(name ?? "");
            Parameters += count;
        }
    }

    /// <summary>Where an entry of external data says that the numbers are; null when it tells something else about them.</summary>
    private static string? ReadPlace(ReadOnlySpan<byte> entry)
    {
        string key = "", value = "";
        var reader = new ProtoReader(entry);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.Text;
                    break;
                case 2:
                    value = reader.Text;
                    break;
            }
        }

        return key == "location" ? value : null;
    }

    private static int Deeper(int depth) => depth < MostNested ? depth + 1 : throw new FormatException($"more than {MostNested} graphs lie inside each other");
}
