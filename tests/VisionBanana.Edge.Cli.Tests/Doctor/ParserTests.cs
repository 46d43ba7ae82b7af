using VisionBanana.Edge.Cli.Doctor;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Cli.Tests.Doctor;

/// <summary>What the doctor reads, with texts in the formats that the programs document.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic, EABI: aarch64, DATE: Wed Jan  8 01:49:37 UTC 2025", "36.4.3", "6.2")]
    [InlineData("# R36 (release), REVISION: 4.0, GCID: 37537400, BOARD: generic, EABI: aarch64, DATE: Fri Sep 13 04:36:44 UTC 2024", "36.4.0", "6.1")]
    [InlineData("# R35 (release), REVISION: 4.1, GCID: 33958178, BOARD: t186ref, EABI: aarch64, DATE: Tue Aug  1 19:57:35 UTC 2023", "35.4.1", "5.1.2")]
    [InlineData("# R38 (release), REVISION: 2.0, GCID: 42205042, BOARD: generic, EABI: aarch64, DATE: Fri Aug 22 00:55:42 UTC 2025", "38.2.0", "7.0")]
    [InlineData("# R99 (release), REVISION: 1.0, GCID: 1, BOARD: generic", "99.1.0", null)]
    [InlineData("something else", null, null)]
    public void L4T_FirstLineOfTheRelease_GivesVersionAndJetPack(string line, string? l4t, string? jetPack)
    {
        Assert.Equal(l4t, Tegra.L4T(line));
        Assert.Equal(jetPack, l4t is null ? null : Tegra.JetPack(l4t));
    }

    [Theory]
    [InlineData("NV Power Mode: MAXN_SUPER\n2\n", "MAXN_SUPER (2)")]
    [InlineData("NVPM VERB: Config file: /etc/nvpmodel.conf\nNV Fan Mode:quiet\nNV Power Mode: MODE_15W_6CORE\n2\n", "MODE_15W_6CORE (2)")]
    [InlineData("NV Power Mode: 25W", "25W")]
    [InlineData("NVPM WARN: power mode is not set!\n", null)]
    [InlineData("", null)]
    public void PowerMode_OutputOfNvpmodel_NamesTheMode(string output, string? expected) => Assert.Equal(expected, Tegra.PowerMode(output));

    [Fact]
    public void DebianPackages_OutputOfDpkgQuery_GivesThoseInstalledWhole()
    {
        const string Output = "libcudnn9-cuda-12\t9.3.0.75-1\tii \nlibnvinfer10\t10.3.0.30-1+cuda12.5\tii \nnvidia-jetpack\t6.2+b77\tii "
            + "\nlibnvinfer8\t8.6.2.3-1+cuda12.2\trc \nhalf a line\n";

        IReadOnlyDictionary<string, string> packages = DebianPackages.Parse(Output);

        Assert.Equal(["libcudnn9-cuda-12", "libnvinfer10", "nvidia-jetpack"], packages.Keys.Order());
        Assert.Equal("10.3.0.30-1+cuda12.5", packages["libnvinfer10"]);
    }

    [Fact]
    public void DebianPackages_ThisMachine_HaveTheFormatThatIsParsed()
    {
        Assert.SkipUnless(ChildProgram.Find("dpkg-query") is not null, "dpkg is not on this machine");

        IReadOnlyDictionary<string, string> packages = DebianPackages.Parse(ChildProgram.Ask("dpkg-query", ["-W", "-f", DebianPackages.Format]) ?? "");

        Assert.Contains("dpkg", packages.Keys);
        Assert.Matches(@"^\d", packages["dpkg"]);
    }

    [Fact]
    public void NvidiaSmi_DesktopAndJetson_GiveWhatTheyTell()
    {
        const string Output =
            "NVIDIA GeForce RTX 4090, 560.35.03, 24564, 55.34, 450.00, 43\n"
            + "Orin (nvgpu), 540.4.0, [N/A], [N/A], [N/A], [N/A]\n"
            + "No devices were found\n";

        Assert.Equal(
            ["NVIDIA GeForce RTX 4090, driver 560.35.03, 24564 MiB, 55.34 of 450.00 W, 43 °C", "Orin (nvgpu), driver 540.4.0"],
            NvidiaSmi.Parse(Output));
    }

    [Fact]
    public void Ask_ProgramThatFailsOrIsNotThere_IsNull()
    {
        Assert.Null(ChildProgram.Ask("no-such-program-anywhere"));
        Assert.Null(ChildProgram.Ask("false"));
        Assert.Equal("well", ChildProgram.Ask("echo", "-n", "well"));
    }
}
