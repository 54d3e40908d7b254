"""Which columns of a contract a kind of defect can befall."""

from collections.abc import Callable

from ingestion.contracts import Column

Fits = Callable[[Column], bool]


def being(*, types: tuple[str, ...] = (), formats: tuple[str, ...] = (), level: str | None = None) -> Fits:
    return lambda c: (
        (not types or c.logical_type in types)
        and (not formats or c.format in formats)
        and (level is None or c.area_level == level)
    )


integer, number, date = being(types=("integer",)), being(types=("integer", "number")), being(types=("date",))
person_id, house_code = being(formats=("thai_person_id",)), being(formats=("house_code",))
tambon, village = being(level="tambon"), being(level="village")


def codes(column: Column) -> bool:
    return bool(column.codes)


def required(column: Column) -> bool:
    return column.required


def free_text(column: Column) -> bool:
    is_text = column.logical_type == "string" and not column.codes and column.format is None
    return is_text and column.pattern is None and column.references is None


def exact_date(column: Column) -> bool:
    return column.logical_type == "date" and not column.keeps_precision


def is_partial(column: Column) -> bool:
    return column.logical_type == "date" and column.keeps_precision


def never_negative(column: Column) -> bool:
    return number(column) and column.minimum is not None and column.minimum >= 0


def may_be_nil(column: Column) -> bool:
    """A required figure that may be 0; those of people also add up to others, which a nil would spoil."""
    return number(column) and column.required and column.minimum == 0 and column.unit not in ("persons", "points")


def given_name(column: Column) -> bool:
    return column.format == "given_name"


def has_first_day(column: Column) -> bool:
    return column.first_day is not None


def has_last_day(column: Column) -> bool:
    return column.last_day is not None


def percent(column: Column) -> bool:
    return column.unit == "pct" and number(column)


def patterned(column: Column) -> bool:
    """Text of one length whose pattern alone says what it looks like."""
    return column.pattern is not None and column.format is None and column.min_length == column.max_length


def has_least_length(column: Column) -> bool:
    return free_text(column) and (column.min_length or 0) > 1


def agency(column: Column) -> bool:
    return column.references == "agencies.agency_id"


def named_tambon(column: Column) -> bool:
    return tambon(column) and column.accept_names


def optional_text(column: Column) -> bool:
    return free_text(column) and not column.required


def optional_codes(column: Column) -> bool:
    return codes(column) and not column.required
