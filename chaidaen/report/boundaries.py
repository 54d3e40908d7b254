"""Boundaries of tambon from a GeoJSON file that the office has; none comes with us."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import UsageError

# Names under which files of Thai boundaries carry the 6-digit code, as compared without case and underscores.
CODE_NAMES = (
    "tamboncode", "tambonid", "tambonidn", "tamcode", "tamid", "tbcode", "tcode", "subdistrictcode", "subdistrictid",
    "adm3pcode", "adm3code", "areacode", "geocode", "code",
)  # fmt: skip
MOST_BYTES = 80_000_000
SHAPES = ("Polygon", "MultiPolygon")

Feature = dict[str, Any]
Geometry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Polygons by tambon code; a tambon may have several."""

    features: Mapping[str, list[Geometry]]


def read_boundaries(path: Path) -> Boundaries:
    """Raises UsageError for a file that is no GeoJSON of polygons in degrees with tambon codes, and says why."""
    features = _features(path)
    property_name = _code_property(features)
    found: dict[str, list[Geometry]] = {}
    for feature in features:
        code = _code((feature.get("properties") or {}).get(property_name))
        if code is not None and feature["geometry"]["type"] in SHAPES:
            found.setdefault(code, []).append(feature["geometry"])
    if not found:
        raise UsageError(
            f"No polygon of {path.name} has a 6-digit tambon code in {property_name}"
            f" (ไม่พบรหัสตำบล 6 หลักใน {property_name}).",
            cure="Codes are DOPA's: 940101, also as the number 940101 or TH940101.",
        )
    _refuse_metres(path, found)
    return Boundaries(found)


def _features(path: Path) -> list[Feature]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(
                f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB (ไฟล์ขอบเขตใหญ่เกินไป).",
                cure="Simplify the boundaries first; a report needs no more than a few hundred points a tambon.",
            )
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror} (เปิดไฟล์ขอบเขตไม่ได้).") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path.name} is no JSON (ไม่ใช่ไฟล์ GeoJSON).", cure="Export it as GeoJSON, in UTF-8.") from None
    features = document.get("features") if isinstance(document, dict) else None
    usable = [one for one in features if _has_geometry(one)] if isinstance(features, list) else []
    if not usable:
        raise UsageError(
            f"{path.name} is no GeoJSON FeatureCollection with geometries (ไม่ใช่ GeoJSON แบบ FeatureCollection).",
            cure="Export the layer of tambon boundaries as GeoJSON.",
        )
    return usable


def _has_geometry(feature: object) -> bool:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return isinstance(geometry, dict) and bool(geometry.get("coordinates")) and isinstance(geometry.get("type"), str)


def _code_property(features: list[Feature]) -> str:
    names = {str(name) for one in features for name in one.get("properties") or {}}
    by_plain = {name.casefold().replace("_", ""): name for name in sorted(names)}
    for wanted in CODE_NAMES:
        if wanted in by_plain:
            return by_plain[wanted]
    raise UsageError(
        f"No property of the boundaries is the tambon code; there are: {', '.join(sorted(names)) or 'none'}"
        " (ไม่พบคอลัมน์รหัสตำบล).",
        cure="Name it tambon_code (also known: TAMBON_IDN, TAM_CODE, TB_CODE, ADM3_PCODE, subdistrict_code, code).",
    )


def _code(value: object) -> str | None:
    text = f"{value:.0f}" if isinstance(value, float) else str(value)
    text = text.strip().upper().removeprefix("TH")
    return text if len(text) == 6 and text.isascii() and text.isdigit() else None


def _refuse_metres(path: Path, found: Mapping[str, list[Geometry]]) -> None:
    whole = around([box_of(shape) for shapes in found.values() for shape in shapes])
    if not (-180 <= whole.west <= whole.east <= 180 and -90 <= whole.south <= whole.north <= 90):
        raise UsageError(
            f"{path.name} has coordinates that are no degrees, such as {whole.east:.0f}, {whole.north:.0f}"
            " (พิกัดไม่ใช่องศา).",
            cure="Export it in WGS 84 (EPSG:4326), as GeoJSON wants it.",
        )


@dataclass(frozen=True, slots=True)
class Box:
    """From where to where something reaches."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> dict[str, float]:
        return {"x": (self.west + self.east) / 2, "y": (self.south + self.north) / 2}

    @property
    def tallness(self) -> float:
        return (self.north - self.south) / ((self.east - self.west) or 1)


def around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(one.west for one in boxes),
        min(one.south for one in boxes),
        max(one.east for one in boxes),
        max(one.north for one in boxes),
    )


def box_of(geometry: Geometry) -> Box:
    x, y = zip(*_points(geometry["coordinates"]), strict=True)
    return Box(min(x), min(y), max(x), max(y))


def _points(coordinates: list[Any]) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
    else:
        for inner in coordinates:
            yield from _points(inner)
