# SPDX-License-Identifier: Apache-2.0
"""The painter: networks, losses, training data and the training loop."""
