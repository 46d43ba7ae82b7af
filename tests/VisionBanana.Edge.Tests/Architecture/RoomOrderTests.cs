namespace VisionBanana.Edge.Tests.Architecture;

/// <summary>The folders of every project form no circle: each uses only those before it.</summary>
public sealed class RoomOrderTests
{
    private static readonly string Source = Path.Combine(Nearby.RepositoryRoot, "src");

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Source).Select(p => Path.GetFileName(p))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseOnlyThoseBeforeThem(string project)
    {
        IReadOnlyList<SourceFile> files = FilesOf(project);
        RoomOrder? order = RoomOrder.All.SingleOrDefault(o => o.Project == project);
        if (order is null)
        {
            Assert.True(files.Select(f => f.Folder).Distinct().Count() <= 1, $"{project} has several folders and no order in {nameof(RoomOrder)}.cs");
            return;
        }

        string[] breaches = [.. order.Breaches(files)];
        Assert.True(breaches.Length == 0, string.Join(Environment.NewLine, breaches));
        Assert.All(order.Rooms, room => Assert.Contains(files, f => f.Folder == room));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespace_OfEveryFile_IsItsFolder(string project)
    {
        IEnumerable<string> wrong = FilesOf(project)
            .Where(f => f.Namespace.Length > 0 && f.Namespace != $"{project}{(f.Folder.Length > 0 ? "." : "")}{f.Folder.Replace('/', '.')}")
            .Select(f => $"{project}/{f.Path}: {f.Namespace}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Breaches_TwoFilesPutTheWrongWay_AreNamed()
    {
        string project = Directory.CreateTempSubdirectory("rooms").FullName;
        try
        {
            Write(project, "Early/First.cs", "using Some.Late;\nnamespace Some.Early;\npublic sealed class First { Second? _other; }\n");
            Write(project, "Early/Fourth.cs", "namespace Some.Early;\npublic sealed class Fourth { Late.Second? _other; }\n");
            Write(project, "Late/Second.cs", "namespace Some.Late;\npublic sealed class Second;\n");
            Write(project, "Late/Inner/Third.cs", "namespace Some.Late.Inner;\npublic sealed class Third { Second? _parent; }\n");
            var files = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories).Select(f => new SourceFile(project, f)).ToList();
            string[] breaches = [.. new RoomOrder("Some", "Early", "Late/Inner", "Late").Breaches(files)];
            Assert.Contains("Some/Early/First.cs uses Late/Second.cs, but 'Early' stands before 'Late'", breaches);
            Assert.Contains("Some/Early/Fourth.cs uses Late/Second.cs, but 'Early' stands before 'Late'", breaches);
            Assert.Contains("Some/Late/Inner/Third.cs uses Late/Second.cs, but 'Late/Inner' stands before 'Late'", breaches);
            Assert.Empty(new RoomOrder("Some", "Late", "Late/Inner", "Early").Breaches(files));
        }
        finally
        {
            Directory.Delete(project, recursive: true);
        }
    }

    private static List<SourceFile> FilesOf(string project)
    {
        string folder = Path.Combine(Source, project);
        return [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal))
            .Select(f => new SourceFile(folder, f))];
    }

    private static void Write(string folder, string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
