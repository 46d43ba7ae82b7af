using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>Both forms of a detector's answer say the same.</summary>
public sealed class DetectionTensorTests
{
    private const int Coefficients = 3, Classes = 2, Candidates = 9;

    private static ModelManifest Manifest { get; } = ModelManifest.Parse(
        """
        schema: 1
        name: detector
        version: 1.0.0
        licence: CC0-1.0
        description: objects
        files: [{path: a.onnx, sha256: 0000000000000000000000000000000000000000000000000000000000000000, precision: fp32}]
        input: {tensor: image, width: 64, height: 48, scale: 1, mean: [0, 0, 0], std: [1, 1, 1]}
        output: {kind: instance_masks, tensor: output0, prototypes: output1, min_score: 0.3, max_overlap: 0.5}
        classes: [{id: 0, name: cat, colour: "#FF0000"}, {id: 1, name: dog, colour: "#00FF00"}]
        """, "model.yaml");

    [Fact]
    public void Read_DecidedRows_AreTheClassAskedForBestFirst()
    {
        float[] rows =
        [
            1, 2, 11, 12, 0.4f, 1, 7, 8, 9,
            3, 4, 13, 14, 0.9f, 1, 1, 2, 3,
            3, 4, 13, 14, 0.8f, 0, 4, 5, 6,
            3, 4, 13, 14, 0.2f, 1, 4, 5, 6,
            0, 0, 0, 0, float.NaN, float.NaN, 0, 0, 0,
        ];
        var objects = new List<DetectedObject>();

        new DetectionTensor(Manifest, [1, 5, 9], Coefficients).Read(rows, 1, objects);

        Assert.Equal([0.9f, 0.4f], objects.Select(o => o.Score));
        Assert.Equal((1f, 2f, 11f, 12f), (objects[1].X1, objects[1].Y1, objects[1].X2, objects[1].Y2));
        Assert.Equal([7, 8, 9], Enumerable.Range(0, Coefficients).Select(k => rows[objects[1].First + (k * objects[1].Step)]));
    }

    [Fact]
    public void Read_CandidatesOfTheHead_LoseOverlapsOfTheirClassOnly()
    {
        // Columns: centre x, centre y, width, height, score of cat, score of dog, three coefficients.
        float[][] candidates =
        [
            [20, 20, 10, 10, 0.1f, 0.9f, 1, 2, 3],
            [21, 20, 10, 10, 0.1f, 0.8f, 4, 5, 6], // the same dog once more
            [20, 20, 10, 10, 0.7f, 0.2f, 7, 8, 9], // a cat in its place
            [40, 30, 10, 10, 0.0f, 0.5f, 1, 1, 1],
            [40, 10, 10, 10, 0.0f, 0.2f, 1, 1, 1], // too doubtful
        ];
        int count = candidates.Length + Candidates;
        var columns = new float[(4 + Classes + Coefficients) * count];
        for (int i = 0; i < candidates.Length; i++)
        {
            for (int k = 0; k < candidates[i].Length; k++)
            {
                columns[(k * count) + i] = candidates[i][k];
            }
        }

        var objects = new List<DetectedObject>();
        var reader = new DetectionTensor(Manifest, [1, 4 + Classes + Coefficients, count], Coefficients);
        reader.Read(columns, 1, objects);

        Assert.Equal([0.9f, 0.5f], objects.Select(o => o.Score));
        Assert.Equal((15f, 15f, 25f, 25f), (objects[0].X1, objects[0].Y1, objects[0].X2, objects[0].Y2));
        Assert.Equal([1, 2, 3], Enumerable.Range(0, Coefficients).Select(k => columns[objects[0].First + (k * objects[0].Step)]));
        reader.Read(columns, 0, objects);
        Assert.Equal(0.7f, Assert.Single(objects).Score);
    }

    [Fact]
    public void Create_SizesThatFitNeitherForm_SaysBoth()
    {
        string message = Assert.Throws<ModelContractException>(() => new DetectionTensor(Manifest, [1, 8, 100], Coefficients)).Message;

        Assert.Contains("[1,N,9]", message, StringComparison.Ordinal);
        Assert.Contains("[1,9 or more,N]", message, StringComparison.Ordinal);
        Assert.Contains("found [1,8,100]", message, StringComparison.Ordinal);
    }
}
