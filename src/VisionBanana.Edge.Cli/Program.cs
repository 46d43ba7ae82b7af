return await VisionBanana.Edge.Cli.Tool.RunAsync(args).ConfigureAwait(false);
