# SPDX-License-Identifier: Apache-2.0
"""The kinds of scenes: how often each is drawn, how it is built, where its cameras stand, how near a thing may come."""
from typing import Callable, NamedTuple

from worlds import far, near, views

VIEWS = 3       # pictures taken of one scene: more scenes teach more than more views


class Kind(NamedTuple):
    share: float                # of the frames
    build: Callable             # studio -> room and what the views are about
    view: Callable              # rng, room, subject, picture size, horizontal field of view (degrees) -> camera
    nearest: float = 0.25       # metres: views with more than 4 % of their rays shorter than this are dropped


def _room(rng, room, subject, size, hfov):
    return views.at_floor(rng, room, size, hfov) if rng.random() < 0.1 else views.in_room(rng, room, size, hfov)


def _half_objects(rng, room, subject, size, hfov):
    return views.at_object(rng, room, size, hfov) if rng.random() < 0.5 else views.in_room(rng, room, size, hfov)


def _of_room(view):
    """A view that needs no subject."""
    return lambda rng, room, subject, size, hfov: view(rng, room, size, hfov)


def _alone(method):
    """A world without a subject."""
    return lambda studio: (getattr(studio, method)(), None)


KINDS = {
    "room": Kind(0.16, _alone("room"), _room),
    "table": Kind(0.10, lambda s: s.tabletop(), views.at_table),
    "desk": Kind(0.03, near.window_desk, views.at_table),
    "object": Kind(0.10, lambda s: (s.room(people=int(s.rng.integers(1, 4))), None), _of_room(views.at_object)),
    "corridor": Kind(0.02, _alone("corridor"), _of_room(views.in_room)),
    "warehouse": Kind(0.02, _alone("warehouse"), _of_room(views.in_room)),
    "yard": Kind(0.02, _alone("yard"), _half_objects),
    "low": Kind(0.15, near.low, _of_room(views.near_floor), 0.15),
    "bins": Kind(0.09, near.bins, views.from_above, 0.15),
    "ground": Kind(0.06, near.ground, views.from_above, 0.15),
    "close": Kind(0.07, lambda s: s.tabletop(), views.near_table, 0.12),
    "shelves": Kind(0.04, near.shelves, views.at_shelf, 0.15),
    "lounge": Kind(0.05, near.lounge, _half_objects),
    "street": Kind(0.07, far.street, views.on_street),
    "hall": Kind(0.03, far.hall, _of_room(views.in_hall)),
}
