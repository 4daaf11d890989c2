"""The pool of sixty drawn pictures that stand for photographs and scans: doors, rooms, kitchens, medicine, notice boards, papers.

Drawn once in a process from the number alone, so that the same number always gives the same bytes. Nobody is in them.
"""

import io
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
WIDTH, HEIGHT, FINER, QUALITY = 640, 480, 2, 80
WALLS: tuple[Colour, ...] = (
    (233, 226, 212),
    (222, 229, 226),
    (238, 232, 221),
    (226, 224, 233),
    (241, 235, 214),
    (219, 226, 234),
)
WOODS: tuple[Colour, ...] = ((139, 94, 60), (164, 116, 73), (112, 78, 55), (181, 137, 92))
CLOTHS: tuple[Colour, ...] = ((86, 125, 156), (176, 92, 84), (104, 140, 106), (201, 161, 92), (128, 106, 150))
PAPER, INK, SEAL, METAL, DARK = (250, 248, 242), (120, 120, 124), (196, 58, 50), (168, 176, 182), (70, 72, 78)


class Canvas:
    """A picture in the making; coordinates are percent of width and height."""

    def __init__(self, number: str, ground: Colour) -> None:
        self.random = Random(number)  # noqa: S311 - drawing, not a secret
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), ground)
        self.draw = ImageDraw.Draw(self.image)

    def at(self, *percent: float) -> list[float]:
        sizes = (WIDTH * FINER / 100, HEIGHT * FINER / 100)
        return [value * sizes[position % 2] for position, value in enumerate(percent)]

    def box(self, x: float, y: float, x2: float, y2: float, fill: Colour, *, round_by: float = 0) -> None:
        self.draw.rounded_rectangle(self.at(x, y, x2, y2), radius=round_by * FINER * 6, fill=fill)

    def oval(self, x: float, y: float, x2: float, y2: float, fill: Colour) -> None:
        self.draw.ellipse(self.at(x, y, x2, y2), fill=fill)

    def line(self, x: float, y: float, x2: float, y2: float, fill: Colour, width: float = 1) -> None:
        self.draw.line(self.at(x, y, x2, y2), fill=fill, width=round(width * FINER))

    def shape(self, *points: float, fill: Colour) -> None:
        self.draw.polygon(self.at(*points), fill=fill)

    def pick(self, colours: tuple[Colour, ...]) -> Colour:
        return self.random.choice(colours)

    def jpeg(self) -> bytes:
        output = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(output, "JPEG", quality=QUALITY)
        return output.getvalue()


def darker(colour: Colour, by: float = 0.85) -> Colour:
    red, green, blue = (round(part * by) for part in colour)
    return red, green, blue


def _walls(canvas: Canvas) -> None:
    """Back wall, floor, skirting."""
    wall = canvas.pick(WALLS)
    canvas.box(0, 0, 100, 70, wall)
    canvas.box(0, 70, 100, 100, darker(canvas.pick(WOODS), 1.15))
    canvas.box(0, 68.5, 100, 70, darker(wall, 0.8))
    for x in range(-40, 140, 14):
        canvas.line(50 + (x - 50) * 0.6, 70, x, 100, darker(wall, 0.7))


def _window(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x, y, x + 22, y + 28, (250, 250, 248))
    canvas.box(x + 1.5, y + 2, x + 10.3, y + 26, (190, 216, 232))
    canvas.box(x + 11.7, y + 2, x + 20.5, y + 26, (204, 226, 238))
    canvas.shape(x + 2, y + 26, x + 7, y + 17, x + 10, y + 26, fill=(150, 182, 150))


def door(canvas: Canvas) -> None:
    """An entrance in a stairwell, with its number plate and a pair of red couplets."""
    wall = canvas.pick(WALLS)
    canvas.box(0, 0, 100, 55, wall)
    canvas.box(0, 55, 100, 90, darker((118, 158, 148), canvas.random.uniform(0.9, 1.1)))
    canvas.box(0, 90, 100, 100, (150, 146, 140))
    wood = canvas.pick(WOODS)
    canvas.box(34, 10, 66, 90, darker(wood, 0.7))
    canvas.box(36, 12, 64, 90, wood)
    for top, bottom in ((17, 46), (52, 84)):
        canvas.box(40, top, 60, bottom, darker(wood, 0.88), round_by=1)
    canvas.oval(60, 48, 62.5, 51.5, METAL)
    canvas.oval(49, 28, 51, 30.5, DARK)
    for x in (27, 68):
        canvas.box(x, 18, x + 5, 70, (190, 46, 40))
        for y in range(22, 68, 8):
            canvas.box(x + 1.2, y, x + 3.8, y + 4, (232, 196, 96))
    canvas.box(44, 4, 56, 9, (46, 92, 150), round_by=0.5)
    for x in range(46, 55, 3):
        canvas.box(x, 5.5, x + 1.6, 7.5, (240, 240, 240))


def room(canvas: Canvas) -> None:
    """A small living room: bed, table, window, an old television."""
    _walls(canvas)
    _window(canvas, canvas.random.uniform(8, 16), 14)
    cloth, wood = canvas.pick(CLOTHS), canvas.pick(WOODS)
    canvas.box(4, 56, 46, 80, wood, round_by=1)
    canvas.box(4, 50, 46, 68, cloth, round_by=2)
    canvas.box(6, 46, 18, 56, (244, 240, 232), round_by=2)
    for x in range(10, 46, 6):
        canvas.line(x, 56, x, 68, darker(cloth))
    canvas.box(62, 58, 92, 62, wood)
    canvas.box(64, 62, 66, 84, darker(wood))
    canvas.box(88, 62, 90, 84, darker(wood))
    canvas.box(67, 40, 87, 58, DARK, round_by=1)
    canvas.box(68.5, 42, 85.5, 55.5, (120, 142, 152), round_by=1)
    canvas.box(52, 66, 60, 68, darker(wood, 0.9))
    canvas.box(53, 68, 54, 86, darker(wood, 0.7))
    canvas.box(58, 68, 59, 86, darker(wood, 0.7))
    canvas.oval(46, 3, 54, 8, (255, 248, 220))


def kitchen(canvas: Canvas) -> None:
    """A stove, a pot, a rice cooker and tiles."""
    _walls(canvas)
    tile = darker(canvas.pick(WALLS), 1.04)
    for x in range(0, 100, 8):
        for y in range(20, 60, 10):
            canvas.box(x + 0.3, y + 0.4, x + 7.7, y + 9.6, tile)
    canvas.box(6, 60, 94, 65, (206, 206, 200))
    canvas.box(6, 65, 94, 96, darker(canvas.pick(WOODS), 1.1))
    for x in (34, 64):
        canvas.line(x, 66, x, 95, DARK, 1.5)
    canvas.box(14, 56, 42, 60, METAL)
    canvas.oval(16, 44, 38, 58, DARK)
    canvas.box(36, 49, 48, 51.5, (60, 48, 42))
    cloth = canvas.pick(CLOTHS)
    canvas.box(56, 42, 74, 60, (236, 234, 230), round_by=3)
    canvas.box(56, 42, 74, 47, cloth, round_by=2)
    canvas.box(63, 52, 67, 56, DARK, round_by=1)
    canvas.box(80, 50, 85, 60, (112, 150, 96), round_by=1)
    canvas.box(87, 52, 92, 60, (178, 98, 66), round_by=1)
    canvas.box(8, 8, 92, 11, canvas.pick(WOODS))
    for x in range(14, 88, 13):
        canvas.box(x, 2, x + 6, 8, canvas.pick(CLOTHS), round_by=1)


def medicine(canvas: Canvas) -> None:
    """Boxes and bottles of medicine on a table, and a bill."""
    canvas.box(0, 0, 100, 42, canvas.pick(WALLS))
    canvas.box(0, 42, 100, 100, canvas.pick(WOODS))
    for y in range(46, 100, 9):
        canvas.line(0, y, 100, y + 2, darker(WOODS[0], 0.9))
    for x in (10, 30, 50):
        height, colour = canvas.random.uniform(18, 30), canvas.pick(CLOTHS)
        canvas.box(x, 62 - height, x + 16, 62, (246, 246, 244))
        canvas.box(x, 62 - height, x + 16, 62 - height * 0.6, colour)
        for y in (54, 58):
            canvas.line(x + 2, y, x + 12, y, INK, 1.5)
    for x in (72, 84):
        canvas.box(x, 40, x + 8, 64, (214, 146, 66), round_by=2)
        canvas.box(x + 1, 34, x + 7, 41, (248, 248, 246), round_by=1)
        canvas.box(x, 47, x + 8, 57, PAPER)
    canvas.shape(14, 72, 58, 70, 62, 94, 16, 96, fill=PAPER)
    for y in range(75, 93, 4):
        canvas.line(19, y, 55, y - 1.5, INK, 1.2)
    for x in range(68, 92, 8):
        canvas.oval(x, 78, x + 5, 83, (236, 232, 224))


def _sheet(canvas: Canvas, x: float, y: float, x2: float, y2: float) -> None:
    """A posted sheet: red head, lines, a seal."""
    wide, high = x2 - x, y2 - y
    canvas.box(x, y, x2, y2, PAPER)
    canvas.box(x + wide * 0.2, y + high * 0.07, x2 - wide * 0.2, y + high * 0.13, SEAL)
    for step in range(8):
        row = y + high * (0.24 + 0.075 * step)
        end = x2 - wide * (0.1 if step % 3 else canvas.random.uniform(0.15, 0.4))
        canvas.line(x + wide * 0.1, row, end, row, INK, max(1.0, high / 40))
    edge = canvas.at(x2 - wide * 0.34, y + high * 0.8, x2 - wide * 0.12, y + high * 0.95)
    canvas.draw.ellipse(edge, outline=SEAL, width=max(2, round(high / 18)) * FINER)


def board_near(canvas: Canvas) -> None:
    """The posted sheet from close by, pins and all."""
    canvas.box(0, 0, 100, 100, darker((196, 170, 126), canvas.random.uniform(0.9, 1.08)))
    tilt = canvas.random.uniform(-2, 2)
    _sheet(canvas, 26 + tilt, 5, 74 + tilt, 95)
    for x, y in ((28, 8), (72, 8), (28, 92), (72, 92)):
        canvas.oval(x + tilt - 0.9, y - 1.2, x + tilt + 0.9, y + 1.2, canvas.pick(CLOTHS))
    for x, y in ((4, 12), (82, 30)):
        canvas.box(x, y, x + 14, y + 32, darker(PAPER, 0.94))
        for row in range(5):
            canvas.line(x + 2, y + 6 + row * 5, x + 12, y + 6 + row * 5, INK)


def board_far(canvas: Canvas) -> None:
    """The village notice board with its surroundings."""
    canvas.box(0, 0, 100, 55, (196, 219, 236))
    for x in (6, 58):
        canvas.box(x, 10, x + 34, 60, canvas.pick(WALLS))
        for window in range(3):
            canvas.box(x + 4 + window * 10, 16, x + 10 + window * 10, 26, (150, 178, 196))
    canvas.box(0, 58, 100, 100, (176, 172, 162))
    canvas.box(0, 56, 100, 60, (132, 164, 118))
    for x in (22, 76):
        canvas.box(x, 36, x + 2, 88, METAL)
    canvas.shape(16, 32, 50, 24, 84, 32, 84, 35, 16, 35, fill=(168, 60, 52))
    canvas.box(20, 35, 80, 72, (92, 116, 108))
    canvas.box(22, 38, 78, 70, (212, 188, 144))
    shown = canvas.random.randrange(3)
    for place in range(4):
        left = 24 + place * 13.5
        if place == shown:
            _sheet(canvas, left, 41, left + 11, 66)
        else:
            canvas.box(left, 43, left + 10, 62, darker(PAPER, 0.93))
    for x in (4, 92):
        canvas.box(x + 1.5, 44, x + 3.5, 66, WOODS[2])
        canvas.oval(x - 4, 26, x + 9, 50, (112, 152, 100))


def paper(canvas: Canvas) -> None:
    """A scanned form with written lines, a table, a signature and a thumb print."""
    canvas.box(0, 0, 100, 100, (226, 226, 224))
    canvas.box(22, 3, 78, 97, PAPER)
    canvas.box(38, 8, 62, 12, DARK)
    for y in range(18, 40, 5):
        canvas.line(28, y, 72 - canvas.random.uniform(0, 12), y, INK, 1.4)
    for y in range(44, 72, 6):
        canvas.line(28, y, 72, y, DARK, 1)
    for x in (28, 40, 56, 72):
        canvas.line(x, 44, x, 68, DARK, 1)
    for y in range(47, 68, 6):
        canvas.line(42, y, 42 + canvas.random.uniform(4, 12), y, (52, 70, 128), 1.6)
    pen_x, pen_y = 50.0, 82.0
    for _stroke in range(9):
        to_x, to_y = pen_x + canvas.random.uniform(0.5, 2.5), 82 + canvas.random.uniform(-4, 4)
        canvas.line(pen_x, pen_y, to_x, to_y, (40, 52, 104), 2)
        pen_x, pen_y = to_x, to_y
    canvas.oval(67, 79, 71, 87, (206, 96, 88))


def card(canvas: Canvas) -> None:
    """A card or booklet on a table: no number, no face."""
    canvas.box(0, 0, 100, 100, canvas.pick(WOODS))
    colour = canvas.pick(CLOTHS)
    canvas.box(20, 24, 80, 78, colour, round_by=4)
    canvas.box(20, 34, 80, 42, darker(colour, 0.7))
    canvas.box(27, 50, 36, 58, (226, 196, 120), round_by=1)
    for x in range(40, 74, 9):
        canvas.line(x, 56, x + 6, 56, PAPER, 3)
    canvas.line(27, 68, 50, 68, PAPER, 2)


POOL: dict[str, tuple[Callable[[Canvas], None], int]] = {
    "door": (door, 8),
    "room": (room, 8),
    "kitchen": (kitchen, 6),
    "medicine": (medicine, 6),
    "board-near": (board_near, 8),
    "board-far": (board_far, 6),
    "bank_card": (card, 4),
    "paper": (paper, 14),
}
"""Scene and how many variants of it: sixty pictures in all."""


def picture(kind: str, number: int) -> bytes:
    """The JPEG of a kind of picture; kinds without a scene of their own are papers. Any number is good."""
    scene, variants = POOL.get(kind, POOL["paper"])
    return _drawn(scene, number % variants)


@cache
def _drawn(scene: Callable[[Canvas], None], variant: int) -> bytes:
    canvas = Canvas(f"{scene.__name__} {variant}", PAPER)
    scene(canvas)
    return canvas.jpeg()
