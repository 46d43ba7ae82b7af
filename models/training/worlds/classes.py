# SPDX-License-Identifier: Apache-2.0
"""The class list of the bundled painters: one place for names, ids and display colours.

Ids are the values of `label` in the training shards and of the truth pictures; colours are RGB, 8 bits.
"""

CLASSES = (
    # name, default display colour
    ("other", (128, 128, 128)),
    ("floor", (152, 118, 84)),
    ("wall", (174, 199, 232)),
    ("ceiling", (240, 240, 200)),
    ("door", (214, 39, 40)),
    ("window", (0, 191, 255)),
    ("table", (255, 127, 14)),
    ("chair", (188, 189, 34)),
    ("sofa", (140, 86, 255)),
    ("bed", (255, 152, 213)),
    ("cabinet", (31, 119, 60)),
    ("small_object", (255, 0, 255)),
    ("person", (255, 255, 0)),
    ("plant", (0, 255, 0)),
    ("lamp", (0, 0, 0)),
    ("appliance", (0, 0, 255)),
    ("vehicle", (90, 0, 60)),
)

NAMES = tuple(name for name, _ in CLASSES)
COLOURS = tuple(colour for _, colour in CLASSES)

(OTHER, FLOOR, WALL, CEILING, DOOR, WINDOW, TABLE, CHAIR, SOFA, BED, CABINET, SMALL_OBJECT, PERSON, PLANT, LAMP,
 APPLIANCE, VEHICLE) = range(len(CLASSES))

# Classes that are counted: an instruction may ask for the instances of one of them.
THINGS = (DOOR, WINDOW, TABLE, CHAIR, SOFA, BED, CABINET, SMALL_OBJECT, PERSON, PLANT, LAMP, APPLIANCE, VEHICLE)
