# SPDX-License-Identifier: Apache-2.0
"""Stage `imagenet`: the encoder of painter-m with the weights of a ResNet-18 that has seen ImageNet.

They are in the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 (MIT), fetched with the ordinary client, `dotnet restore`, into --out. The file is
checked against its SHA-256. Nothing of the package is kept in the repository.
"""
import argparse
import hashlib
import os
import subprocess

import onnx
import onnx.numpy_helper
import torch

from painter.palettes import IMAGE_MEAN, IMAGE_STD
from painter.resnet import Encoder

PACKAGE, VERSION = "Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1"
FILE = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx"
SHA256 = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f"
MEAN_BGR = (103.06262, 115.902885, 123.15163)          # of 0 to 255, what the file's preprocessing subtracts
PROJECT = f"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <RestorePackagesPath>$(MSBuildThisFileDirectory)packages</RestorePackagesPath>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <RestorePackagesWithLockFile>false</RestorePackagesWithLockFile>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="{PACKAGE}" Version="{VERSION}" ExcludeAssets="all" />
  </ItemGroup>
</Project>
"""


def fetch(folder):
    """The package's ONNX file, restored into the folder if it is not there."""
    path = os.path.join(folder, "packages", PACKAGE.lower(), VERSION, FILE)
    if not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        project = os.path.join(folder, "fetch.csproj")
        # Files that stop MSBuild from reading the repository's own settings.
        for name, text in (("fetch.csproj", PROJECT), ("Directory.Build.props", "<Project />\n"), ("Directory.Build.targets", "<Project />\n")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run(["dotnet", "restore", project, "--verbosity", "quiet"], check=True)
    return path


def check(path):
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{path} has SHA-256 {digest}, not {SHA256}")


@torch.no_grad()
def read(encoder, path):
    """Fills an encoder from the file; what its preprocessing does is folded into the stem, so that the painter's own normalisation stays."""
    model = onnx.load(path)
    weight = {i.name: torch.from_numpy(onnx.numpy_helper.to_array(i).copy()) for i in model.graph.initializer}
    norm_of = {n.input[0]: n for n in model.graph.node if n.op_type == "BatchNormalization"}
    # Convolutions and their norms in the file's order, which lists a shortcut before its block.
    pairs = [(weight[n.input[1]], [weight[k] for k in norm_of[n.output[0]].input[1:]]) for n in model.graph.node if n.op_type == "Conv"]

    def put(sequence):
        kernel, told = pairs.pop(0)
        if sequence[0].weight.shape != kernel.shape:
            raise SystemExit(f"{path}: a convolution of {tuple(kernel.shape)} where {tuple(sequence[0].weight.shape)} was expected")
        sequence[0].weight.copy_(kernel)
        for mine, theirs in zip((sequence[1].weight, sequence[1].bias, sequence[1].running_mean, sequence[1].running_var), told):
            mine.copy_(theirs)

    put(encoder.stem)
    for number in range(1, 5):
        for block in getattr(encoder, f"layer{number}"):
            if block.short is not None:
                put(block.short)
            put(block.first)
            put(block.second)
    fold_input(*encoder.stem)


def fold_input(convolution, norm):
    """BGR minus a mean, 0 to 255, becomes RGB of this project's mean and deviation; the norm then sees unit
    variance, so that rates mean the same as elsewhere."""
    kernel = convolution.weight.flip(1)
    offset = torch.tensor([255.0 * mine - theirs for mine, theirs in zip(IMAGE_MEAN, reversed(MEAN_BGR))])
    norm.running_mean -= (kernel.sum((2, 3)) * offset).sum(1)
    kernel = kernel * (255.0 * torch.tensor(IMAGE_STD))[None, :, None, None]
    size = torch.sqrt(norm.running_var + norm.eps)
    convolution.weight.copy_(kernel / size[:, None, None, None])
    norm.running_mean /= size
    norm.running_var.fill_(1.0 - norm.eps)


def load(encoder, path):
    """Fills an encoder with what this stage wrote."""
    encoder.load_state_dict({k: v.float() if v.dtype == torch.float16 else v for k, v in torch.load(path, map_location="cpu").items()})


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.imagenet", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="work/imagenet")
    options = parser.parse_args(given)
    path = fetch(options.out)
    check(path)
    encoder = Encoder()
    read(encoder, path)
    target = os.path.join(options.out, "encoder.pt")
    torch.save(encoder.state_dict(), target)
    print(f"{target}: {sum(p.numel() for p in encoder.parameters()) / 1e6:.2f} M parameters of {PACKAGE} {VERSION}")


if __name__ == "__main__":
    main()
