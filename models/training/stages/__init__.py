# SPDX-License-Identifier: Apache-2.0
"""The commands: `python3 -m stages.NAME`, each a stage of the training or a look at its results."""
