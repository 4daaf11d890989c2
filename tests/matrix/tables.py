"""The hand-written tables, and what they say about one post at one place."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter

FOLDER = Path(__file__).parent
NOBODY = "nobody"
METHODS = ("get", "post")


def read(name):
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


ROLES = read("roles.toml")
POSTS = ROLES["posts"]
GROUPS = ROLES["groups"]


def posts_in(names):
    """Posts and groups as posts."""
    return {post for name in names for post in GROUPS.get(name, [name])}


def by_post(line):
    """{post or group: word} as {post: word}; a post's own entry goes before a group's."""
    groups = {post: word for name, word in line.items() if name in GROUPS for post in GROUPS[name]}
    return groups | {name: word for name, word in line.items() if name not in GROUPS}


def by_post_and_relation(line):
    split = {tuple(key.split()): word for key, word in line.items()}
    groups = {(post, where): word for (name, where), word in split.items() if name in GROUPS for post in GROUPS[name]}
    return groups | {key: word for key, word in split.items() if key[0] not in GROUPS}


def around(post):
    """{relation: place} of a post, and the relations its area covers."""
    places = dict(ROLES["around"][POSTS[post]])
    sees = places.pop("sees")
    return places, sees


def relations(post):
    return list(around(post)[0])


@dataclass(frozen=True)
class Rule:
    """Who passes the door, who gets what inside, and the exceptions. `outside`: what those get who do not pass."""

    gets: dict
    door: set
    also: dict = field(default_factory=dict)
    outside: str = "forbidden"
    anywhere: bool = False

    def relations(self, post):
        """Where the post is tried: at home only, if the act is about no object of a place."""
        return ["own"] if self.anywhere else relations(post)

    def expected(self, post, relation):
        if post not in self.door:
            return self.outside
        if (post, relation) in self.also:
            return self.also[post, relation]
        if relation not in around(post)[1]:
            return "not found"
        return self.gets.get(post, "forbidden")


@dataclass(frozen=True)
class Address:
    """One line of addresses.toml for one method."""

    label: str
    name: str
    method: str
    rule: Rule | None
    public: str
    query: dict
    send: dict
    lists: str
    token: bool = False

    @property
    def numbers(self):
        """The names of the placeholders that are filled from a place."""
        values = [*self.query.values(), *(self.send.values() if self.method == "post" else ())]
        return {name for value in values for _text, name, *_rest in Formatter().parse(value) if name} - {"own_post"}

    def relations(self, post, has_object):
        """Where the post is tried: around, if the address names an object; else only at home."""
        return relations(post) if self.rule and (has_object or self.numbers) else ["own"]

    def expected(self, post, relation):
        if self.token:
            return "login"
        if self.rule is None:
            return "no method"
        return self.public if post == NOBODY else self.rule.expected(post, relation)


def addresses():
    """Every line of addresses.toml, once for each method."""
    return [_address(label, line, method) for label, line in read("addresses.toml").items() for method in METHODS]


def _address(label, line, method):
    rule = None
    if method in line:
        also = line.get("also", {}) | line.get(f"also_{method}", {})
        door = posts_in(line.get("door", ["everybody"]))
        rule = Rule(by_post(line[method]), door, by_post_and_relation(also))
    return Address(
        label=label, name=label.split(" (")[0], method=method, rule=rule, public=line.get("public", "login"),
        query=line.get("query", {}), send=line.get("send", {}), lists=line.get("lists", "") if method == "get" else "",
        token=line.get("token", False),
    )  # fmt: skip


def acts():
    """{function: Rule} of every act in services.toml."""
    table = read("services.toml")
    kinds = table["kinds"]
    found = {}
    for name, line in table["acts"].items():
        kind = kinds[line["on"]]
        found[name] = Rule(
            gets=dict.fromkeys(posts_in(line["may"]), "done"),
            door=posts_in(line.get("door", kind["door"])),
            also=by_post_and_relation(line.get("also", {})),
            outside=kind.get("outside", "forbidden"),
            anywhere=kind.get("anywhere", False),
        )
    return found
