# SPDX-License-Identifier: Apache-2.0
"""Made-up places and their pictures: things, rooms, views, light, and frames with their truth."""
