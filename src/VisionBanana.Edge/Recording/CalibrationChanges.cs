using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads the camera_info of a recording one after the other; gives the same object as long as the calibration is the same.</summary>
internal sealed class CalibrationChanges(Func<ReadOnlyMemory<byte>, CameraIntrinsics?> read, CameraIntrinsics? first, Action<string> tell)
{
    // Equal but for the stamp, which stands first: most recordings repeat it with every picture.
    private const int Stamp = CdrWriter.EncapsulationLength + 8;

    private byte[] _payload = [];
    private CameraIntrinsics? _current = first;

    public CameraIntrinsics? Of(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > Stamp && _payload.AsSpan().SequenceEqual(payload.Span[Stamp..]))
        {
            return _current;
        }

        _payload = payload.Length > Stamp ? payload[Stamp..].ToArray() : [];
        try
        {
            CameraIntrinsics? found = read(payload);
            _current = found == _current ? _current : found;
        }
        catch (MessageFormatException error)
        {
            tell($"the calibration cannot be used: {error.Message}");
            _current = null;
        }

        return _current;
    }
}
