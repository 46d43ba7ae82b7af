using System.Diagnostics.Metrics;
using Prometheus;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// The meter of the library in the words of Prometheus, with what the view and the process add. Every instrument of a pipeline says its camera.
/// </summary>
internal sealed class ViewMetrics : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly MetricFactory _make;
    private readonly MeterListener _listener = new();

    private readonly Gauge _info;
    private readonly List<ViewHub> _hubs = [];
    private readonly Lock _gate = new();

    public ViewMetrics()
    {
        _make = Metrics.WithCustomRegistry(_registry);
        Gauge viewers = _make.CreateGauge("vbedge_viewers", "Pages that look at the live view.");
        Gauge resident = _make.CreateGauge("process_resident_memory_bytes", "Memory of the process.");
        Gauge heap = _make.CreateGauge("process_managed_heap_bytes", "Memory of the managed heap.");
        Gauge threads = _make.CreateGauge("process_threads", "Threads of the process.");
        Gauge handles = _make.CreateGauge("process_open_handles", "Open files and sockets of the process.");
        _info = _make.CreateGauge("vbedge_info", "What runs.", "device", "camera", "model", "provider");
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Instrumentation.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Set(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Set(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Set(instrument, value, tags));
        _listener.Start();
        _registry.AddBeforeCollectCallback(() =>
        {
            _listener.RecordObservableInstruments();
            viewers.Set(Viewers());
            resident.Set(Environment.WorkingSet);
            heap.Set(GC.GetTotalMemory(forceFullCollection: false));
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            threads.Set(process.Threads.Count);
            handles.Set(process.HandleCount);
        });
    }

    /// <summary>Adds a camera.</summary>
    public void Add(ViewSubject subject, ViewHub hub)
    {
        PainterDescription painter = subject.Pipeline.Painter;
        _info.WithLabels(subject.Device, subject.Camera, $"{painter.Name} {painter.Version}", painter.Provider).Set(1);
        lock (_gate)
        {
            _hubs.Add(hub);
        }
    }

    /// <summary>Writes them in the text format.</summary>
    public Task WriteAsync(Stream stream, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(stream, cancellationToken);

    public void Dispose() => _listener.Dispose();

    private int Viewers()
    {
        lock (_gate)
        {
            return _hubs.Sum(h => h.Count);
        }
    }

    /// <summary>Prometheus writes <c>_</c> for <c>.</c>, <c>_total</c> behind counters and the unit behind durations.</summary>
    private void Set(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = instrument.Name.Replace('.', '_');
        string[] labels = new string[tags.Length + 1], values = new string[tags.Length + 1];
        (labels[^1], values[^1]) = ("camera", instrument.Meter.Tags?.FirstOrDefault(t => t.Key == "camera").Value as string ?? "");
        for (int i = 0; i < tags.Length; i++)
        {
            labels[i] = tags[i].Key;
            values[i] = Convert.ToString(tags[i].Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        }

        if (instrument is ObservableCounter<long>)
        {
            _make.CreateCounter($"{name}_total", instrument.Description ?? "", labels).WithLabels(values).IncTo(value);
        }
        else
        {
            name = instrument.Unit == "s" ? name.Replace("_duration", "_seconds", StringComparison.Ordinal) : name;
            _make.CreateGauge(name, instrument.Description ?? "", labels).WithLabels(values).Set(value);
        }
    }
}
