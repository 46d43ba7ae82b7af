# SPDX-License-Identifier: Apache-2.0
"""Stage `steady`: how much the scale of depth jumps between pictures that follow each other.

    vbedge infer pictures/ --hfov 60 --output painted/      # pictures 100 ms apart, in the order of their names
    python3 -m stages.steady painted/ more/

Prints, for each folder of NAME.depth.png files, the standard deviation of log(median depth) from one picture to the next, over the pixels that both
have; a camera that moves changes the true median too, a standing one does not.
"""
import argparse
import glob
import os

import cv2
import numpy as np


def steps(depths):
    """log(median of this picture / median of the one before) for every pair that shares a third of its pixels."""
    out = []
    for before, after in zip(depths, depths[1:]):
        both = (before > 0) & (after > 0)
        if both.mean() > 1 / 3:
            out.append(float(np.log(np.median(after[both]) / np.median(before[both]))))
    return out


def main(given=None):
    parser = argparse.ArgumentParser(prog="python3 -m stages.steady", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args(given)
    for folder in options.folders:
        depths = [cv2.imread(path, cv2.IMREAD_UNCHANGED).astype(np.float32) for path in sorted(glob.glob(os.path.join(folder, "*.depth.png")))]
        found = steps(depths)
        if not found:
            raise SystemExit(f"{folder} holds {len(depths)} files *.depth.png, and no two neighbours that share a third of their pixels")
        print(f"{os.path.basename(folder.rstrip('/'))}: {len(found)} pairs, spread of log scale {np.std(found):.4f}, largest step {np.abs(found).max():.3f}")


if __name__ == "__main__":
    main()
