"""Actors for tests of the foundation; tests of an app's rules use the real posts of `organizations`."""

from common.actors import Actor

STREET = ("120104001000", "120104002000")


def actor(name="李明", *, user_id=1, permissions=("view_case",), area=STREET, **values):
    """A handler of one street with these permissions in it."""
    powers = frozenset((permission, *area) for permission in permissions)
    filled = {
        "post": "handler",
        "post_title": "社会救助经办",
        "appointment_id": 7,
        "area": area[0],
        "office": "示例街道办事处",
    }
    return Actor(user_id=user_id, username=f"u{user_id}", name=name, powers=powers, **{**filled, **values})
