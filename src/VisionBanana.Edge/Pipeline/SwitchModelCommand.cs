namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Takes another model while the pipeline runs. It is accepted or refused at once; loading and checking go on beside the pictures, and
/// <see cref="PipelineState.Rollout"/> tells how they went. Where it fails, the model that runs stays.
/// </summary>
/// <param name="Package">A package in the folder that the program allows, or the HTTPS address of its <c>model.yaml</c>.</param>
/// <param name="Sha256">The SHA-256 of its <c>model.yaml</c>, which holds those of its files, in hex; needed with an address. Null = not given.</param>
public sealed record SwitchModelCommand(string Package, string? Sha256) : PipelineCommand;
