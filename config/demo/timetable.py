"""When each leg of a journey happened: reckoned back from its last day, on working days, never later than the present. Pure."""

import datetime as dt
from collections.abc import Callable
from random import Random

from config.demo.journeys import PUBLICITY, Ending, Leg

IsWorking = Callable[[dt.date], bool]
ONE_DAY = dt.timedelta(days=1)
NOTICE = dt.timedelta(days=9)
"""From the posting to the day on which a round of seven days is surely over."""
MONTHS_BACK = 380
SLOW, SLOWNESS, LATE = 0.12, 3, 0.12
MINUTES = 9


def timetable(random: Random, ending: Ending, last: dt.date, is_working: IsWorking) -> list[dt.datetime]:
    """The moment of each leg. `last` is the latest day possible; a few households are slow or have been left lying."""
    slow = SLOWNESS if random.random() < SLOW else 1
    day = _last_day(random, ending, last, is_working)
    days = [day]
    legs = ending.legs
    for leg, before in zip(legs[:0:-1], legs[-2::-1], strict=True):
        day = _before(random, day, leg, before, slow, is_working)
        days.append(day)
    return [_moment(random, day, leg) for day, leg in zip(reversed(days), legs, strict=True)]


def _last_day(random: Random, ending: Ending, last: dt.date, is_working: IsWorking) -> dt.date:
    if ending.ended:
        return working_day_until(last - random.randint(0, MONTHS_BACK) * ONE_DAY, is_working)
    least, most = ending.rest
    late = SLOWNESS * most if random.random() < LATE else 0
    return days_before(working_day_until(last, is_working), random.randint(least, most) + late, is_working)


def _before(random: Random, day: dt.date, leg: Leg, before: Leg, slow: int, is_working: IsWorking) -> dt.date:
    """The day of the leg before, given the day of this one."""
    gap = random.randint(*leg.days) * slow
    if not gap and before.at >= leg.at:
        gap = 1
    if leg.after == PUBLICITY:
        day = working_day_until(day - NOTICE, is_working)
    return days_before(day, gap, is_working)


def working_day_until(day: dt.date, is_working: IsWorking) -> dt.date:
    """The day itself, or the last working day before it."""
    while not is_working(day):
        day -= ONE_DAY
    return day


def days_before(day: dt.date, number: int, is_working: IsWorking) -> dt.date:
    """So many working days earlier."""
    for _day in range(number):
        day = working_day_until(day - ONE_DAY, is_working)
    return day


def _moment(random: Random, day: dt.date, leg: Leg) -> dt.datetime:
    hour, minute = (int(part) for part in leg.at.split(":"))
    return dt.datetime.combine(day, dt.time(hour, minute)) + random.randrange(MINUTES) * dt.timedelta(minutes=1)
