using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting;

/// <summary>Pipelines from files.</summary>
public static class PipelineFiles
{
    extension(PerceptionPipeline)
    {
        /// <summary>
        /// Opens what a pipeline file names: the camera, the model and the transports. Everything that can be checked is checked here, before the
        /// first picture. The file is the one that <c>vbedge run</c> takes; its sections <c>view</c> and <c>foxglove</c> are of that tool and left out.
        /// </summary>
        /// <param name="path">The file; relative paths in it are relative to its folder.</param>
        /// <param name="options">What the program adds; null = nothing.</param>
        /// <param name="cancellationToken">Ends the building of an engine.</param>
        /// <returns>The pipeline, to be run once and disposed.</returns>
        /// <exception cref="ConfigurationException">
        /// The file is wrong: everything at once, each with its place. Or it needs what one pipeline alone does not have: several cameras, or
        /// <c>rollout</c>.
        /// </exception>
        /// <exception cref="VisionBananaException">Camera, calibration or model cannot be used.</exception>
        public static async Task<PerceptionPipeline> FromFileAsync(string path, PipelineOptions? options = null, CancellationToken cancellationToken = default)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            options ??= new PipelineOptions();
            var request = new PipelineRequest
            {
                MaxFrames = options.MaxFrames,
                PerceptSinks = _ => options.PerceptSinks,
                PicturesHeld = options.PerceptSinks.Count == 0 ? 0 : options.PicturesHeld,
                Clock = options.Clock,
                Loggers = options.Loggers,
            };
            var file = RobotFile.Read(path);
            PipelineFile only = file.Only;
            if (file.Rollout is not null)
            {
                throw new ConfigurationException(
                    $"{path}: rollout works with vbedge run, or in a program as a PipelineService: expected a file without that section here.");
            }

            return (await PipelineBuilder.BuildAsync(only, request, cancellationToken).ConfigureAwait(false)).Pipeline;
        }
    }
}
