using VisionBanana.Edge.Calibration.Formats;

namespace VisionBanana.Edge.Tests.Calibration.Formats;

public sealed class CalibrationFormatsTests
{
    [Fact]
    public void All_EveryKindOfFormat_StandsInTheTable()
    {
        // A format that is written but not in the table is named here.
        IEnumerable<string> written = typeof(CalibrationFormat).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CalibrationFormat)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Equal(written.Order(), CalibrationFormats.All.Select(format => format.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void All_EveryName_StandsOnce() => Assert.Distinct(CalibrationFormats.All.Select(format => format.Name));
}
