"""The heat map: data type by jurisdiction as one SVG that needs nothing else. The same numbers, the same bytes."""

from xml.etree import ElementTree as ET

from schemas.exposure import UNKNOWN_JURISDICTION, DataType, ExposureSummary

HEATMAP = "heatmap.svg"
MOST_PLACES = 20
"""Columns; on a screen more of them cannot be read. The places with the fewest people then share one, 'others'."""
OTHERS = "others"
SHADES = (
    ("#ffffff", "#1b2430"),
    ("#dbe9f6", "#1b2430"),
    ("#b5d0ea", "#1b2430"),
    ("#7fb0dc", "#1b2430"),
    ("#1f6fb5", "#ffffff"),
    ("#0b3d70", "#ffffff"),
)
"""Field and text; each pair has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). The first is nobody."""
LEFT, TOP, WIDE, HIGH = 240, 70, 72, 34
"""Pixels: room for the words at the left and at the top, and one field, which is wider for large numbers."""
SIGN = 10
"""Pixels of a sign in the widest of the usual fonts. A million has nine signs, which WIDE does not hold."""


def kinds_in_order(summary: ExposureSummary) -> tuple[DataType, ...]:
    """Every data type that anybody lost, in the order members know."""
    return tuple(kind for kind in DataType if kind in summary.by_type)


def places_in_order(summary: ExposureSummary) -> list[str]:
    """Most affected first, the unknown one last: it is a task, not a place."""
    people = summary.by_jurisdiction
    return sorted(people, key=lambda place: (place == UNKNOWN_JURISDICTION, -people[place], place))


def draw_heatmap(summary: ExposureSummary) -> bytes:
    """The picture as an SVG file: every field with its number, a title, and a description that can be read aloud."""
    columns, kinds = _columns(summary), kinds_in_order(summary)
    most = max((count for _, cells in columns for count in cells.values()), default=0)
    wide = max(WIDE, SIGN * max((len(f"{most:,}"), *(len(place) for place, _ in columns))) + 4)
    size = f"0 0 {LEFT + wide * max(1, len(columns)) + 20} {TOP + HIGH * max(1, len(kinds)) + 40}"
    svg = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": size, "role": "img", "aria-labelledby": "title desc"}
    )
    ET.SubElement(svg, "title", id="title").text = "People by type of data and place"
    ET.SubElement(svg, "desc", id="desc").text = _told(summary, columns)
    ET.SubElement(svg, "rect", width="100%", height="100%", fill="#ffffff")
    _write(svg, 16, 28, "People by type of data and place; the darker, the more", size="18")
    for across, (place, _) in enumerate(columns):
        _write(svg, LEFT + wide * across + wide // 2, TOP - 10, place, anchor="middle")
    for down, kind in enumerate(kinds):
        _write(svg, LEFT - 12, TOP + HIGH * down + 22, kind.value, anchor="end")
        for across, (_, cells) in enumerate(columns):
            _field(svg, (LEFT + wide * across, TOP + HIGH * down, wide), cells.get(kind, 0), most)
    if not kinds:
        _write(svg, LEFT, TOP + 22, "Nobody is affected.")
    ET.indent(svg, " ")
    data: bytes = ET.tostring(svg, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _columns(summary: ExposureSummary) -> list[tuple[str, dict[DataType, int]]]:
    places = places_in_order(summary)
    known = [place for place in places if place != UNKNOWN_JURISDICTION]
    shown = known if len(known) <= MOST_PLACES else known[: MOST_PLACES - 1]
    columns = [(place, summary.matrix.get(place, {})) for place in shown]
    if rest := known[len(shown) :]:
        rows = [summary.matrix.get(place, {}) for place in rest]
        columns.append((f"{OTHERS} ({len(rest)})", {kind: sum(row.get(kind, 0) for row in rows) for kind in DataType}))
    if UNKNOWN_JURISDICTION in places:
        columns.append((UNKNOWN_JURISDICTION, summary.matrix.get(UNKNOWN_JURISDICTION, {})))
    return columns


def _told(summary: ExposureSummary, columns: list[tuple[str, dict[DataType, int]]]) -> str:
    parts = [
        f"{place}: " + ", ".join(f"{kind.value} {count}" for kind in DataType if (count := cells.get(kind, 0)))
        for place, cells in columns
    ]
    return f"{summary.affected - summary.bots} people. " + "; ".join(parts)


def _field(svg: ET.Element, at: tuple[int, int, int], people: int, most: int) -> None:
    """At: left, top and width."""
    left, top, wide = at
    # Square root, so that ten beside a thousand is still seen to be somebody.
    shade = 0 if people == 0 else max(1, round((len(SHADES) - 1) * (people / most) ** 0.5))
    fill, ink = SHADES[shade]
    place = {"x": str(left), "y": str(top), "width": str(wide), "height": str(HIGH)}
    ET.SubElement(svg, "rect", {**place, "fill": fill, "stroke": "#d9dfe7"})
    _write(svg, left + wide // 2, top + 22, f"{people:,}" if people else "·", anchor="middle", ink=ink)


def _write(
    svg: ET.Element, x: int, y: int, text: str, *, anchor: str = "start", ink: str = "#1b2430", size: str = "14"
) -> None:
    look = {"font-family": "system-ui, sans-serif", "font-size": size, "text-anchor": anchor, "fill": ink}
    ET.SubElement(svg, "text", {"x": str(x), "y": str(y), **look}).text = text
