using MyPerception;
using VisionBanana.Edge.Hosting;
using VisionBanana.Edge.Pipeline;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddVisionBanana(options => options.PipelineFile = builder.Configuration["pipeline"] ?? "pipeline.yaml");
builder.Services.AddSingleton<IPerceptSink, NearestSink>();
await builder.Build().RunAsync();
