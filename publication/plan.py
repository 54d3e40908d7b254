"""Which models, seeds and tests a release makes necessary: each has a recipe, and an equal recipe is not built again.

The recipe of a model is a hash of its SQL with the macros it uses and its configuration, the recipes of what it reads,
and the facts it depends on: submissions of a dataset, the ledger, the calendar. The graph is dbt's own.

A heavy model is kept in slices, one for each year that the periods of its submissions begin with. The recipe of a slice
is the recipe the model would have if no other years had been sent; a slice of equal recipe is not built again either.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal, NamedTuple

from core.errors import BuildFailed
from core.settings import settings
from publication.calendar_facts import CALENDAR_FACTS, ITS_DAY, OF_THE_RELEASE
from publication.dbt import RAW, Manifest, Resource, raw_datasets
from publication.recipe import Facts

Kind = Literal["seed", "table", "view", "test", "unit_test"]
LAYERS = ("seeds", "staging", "intermediate", "marts")
# What a source of `ops` may say in its meta that its rows follow; `raw` follows the submissions of its dataset.
FOLLOWS = ("submissions", "ledger", OF_THE_RELEASE, "nothing")
SAYS_THE_DAY = "macro.chaidaen.as_of"
# How a model kept in slices may read another one, said in its meta.slices_read; without a word, of the same year.
UNTIL, WHOLE = "until", "whole"


class Years(NamedTuple):
    """Which years' submissions are read: all (`year` None), one, or one and those before it."""

    year: str | None = None
    earlier: bool = False

    def of(self, sent: Mapping[str, str]) -> str:
        """What is read of a dataset's submissions."""
        return _json({
            year: digest for year, digest in sent.items()
            if self.year in (None, year) or (self.earlier and year < str(self.year))
        })  # fmt: skip


ALL = Years()


@dataclass(frozen=True, slots=True)
class Node:
    """One thing dbt can build or test. A view shows what it reads, so only its form is ever out of date.

    slices: recipe by year, of a table kept in slices and of the tests of a model that has some. slice_by: the
    column of such a table that says the year.
    """

    unique_id: str
    name: str
    layer: str
    kind: Kind
    recipe: str
    relation: str | None
    part_by: tuple[str, ...] = ()
    deprecation_date: date | None = None  # from that day on the model may be dropped
    slices: Mapping[str, str] = field(default_factory=dict)
    slice_by: str | None = None

    @property
    def table(self) -> str:
        """The bare name of its table: that of the mart."""
        return self.relation.rpartition(".")[2].strip('"') if self.relation else self.name


@dataclass(frozen=True, slots=True)
class Plan:
    """nodes: by dbt's unique id. calendar: facts of the calendar that some model depends on."""

    nodes: Mapping[str, Node]
    calendar: frozenset[str]

    def of_layer(self, layer: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.layer == layer]

    @property
    def marts(self) -> list[Node]:
        return [node for node in self.of_layer("marts") if node.kind == "table"]


def plan_of(manifest: Manifest, facts: Facts) -> Plan:
    """Recipes of everything in the project for a release with these facts.

    Raises BuildFailed when a model or source does not say what it depends on.
    """
    graph = _Graph(manifest, facts)
    nodes = {unique_id: graph.node(unique_id) for unique_id in graph.resources}
    return Plan(nodes, frozenset(name for found in graph.models for name in graph.calendar_of(found)))


class _Graph:
    """dbt's graph with the facts of one release; every recipe is computed once."""

    def __init__(self, manifest: Manifest, facts: Facts) -> None:
        self.manifest = manifest
        self.facts = facts
        self.resources: dict[str, Resource] = {
            unique_id: found
            for unique_id, found in {**manifest.nodes, **manifest.unit_tests}.items()
            if found.resource_type in ("model", "seed", "test", "unit_test")
        }
        self.common = _project_hash()
        self.content = cache(self._content)
        self.datasets = raw_datasets(manifest)
        self.form = cache(self._form)
        self.code = cache(self._code)
        self.layer = cache(self._layer)

    @property
    def models(self) -> Iterator[str]:
        return (name for name, found in self.resources.items() if found.resource_type == "model")

    def node(self, unique_id: str) -> Node:
        found = self.resources[unique_id]
        kind = self._kind(found)
        recipe = self.form(unique_id) if kind in ("view", "unit_test") else self.content(unique_id)
        meta = found.config.meta if kind in ("table", "view") else {}
        name = f"{found.name}.v{found.version}" if getattr(found, "version", None) else found.name
        relation = f'"{found.schema}"."{found.alias}"' if kind in ("seed", "table", "view") else None
        ends = getattr(found, "deprecation_date", None)
        return Node(
            unique_id, name, self.layer(unique_id), kind, recipe, relation, tuple(meta.get("part_by", ())),
            ends.date() if ends else None, self._slices(unique_id), _slice_by(found),
        )  # fmt: skip

    def _slices(self, unique_id: str) -> dict[str, str]:
        found = self.resources[unique_id]
        kind = self._kind(found)
        sliced = self.resources.get(getattr(found, "attached_node", None) or unique_id, found)
        if kind == "table" and found.config.materialized == "incremental" and not _slice_by(found):
            raise BuildFailed(
                f"{found.name} is incremental but does not say by what its rows are sliced.",
                cure="Write into its config: meta: {slice_by: …}, see docs/architecture.md, “Cost follows the change”.",
            )
        if kind not in ("table", "test") or not _slice_by(sliced):
            return {}
        years = {year for dataset in self.datasets(unique_id) for year in self.facts.submissions.get(dataset, {})}
        return {year: self.content(unique_id, Years(year)) for year in years}

    def _kind(self, found: Resource) -> Kind:
        if found.resource_type != "model":
            return found.resource_type.value  # type: ignore[no-any-return]  # dbt's class
        return "view" if found.config.materialized == "view" else "table"

    def _layer(self, unique_id: str) -> str:
        """Of a model its folder; a test runs with the last of the layers it looks at."""
        found = self.resources[unique_id]
        if found.resource_type == "seed":
            return "seeds"
        if found.resource_type == "model":
            if found.fqn[1] not in LAYERS:
                raise BuildFailed(
                    f"The model {found.name} lies in no layer.", cure=f"Move it below models/: {', '.join(LAYERS[1:])}."
                )
            return str(found.fqn[1])
        looked_at = [self.layer(parent) for parent in self._parents(found) if parent in self.resources]
        return max(looked_at, key=LAYERS.index, default="staging")

    # ------------------------------------------------------------------------------------------------------ recipes

    def _content(self, unique_id: str, years: Years = ALL) -> str:
        """Hash of everything that decides what the node says, or what it would say of these years alone."""
        if unique_id not in self.resources:
            return self._source(unique_id, self._follows(unique_id), years)
        found = self.resources[unique_id]
        read = frozenset(self._datasets(found))
        ingredients = [
            self._narrowed(parent, read, years) if read and self._lists_submissions(parent)
            else self.content(parent, self._years_read(found, parent, years))
            for parent in self._parents(found)
        ]  # fmt: skip
        return _hash(self.code(unique_id), self._calendar(unique_id), *ingredients)

    def _narrowed(self, unique_id: str, datasets: frozenset[str], years: Years) -> str:
        """A model that joins raw rows of some datasets to the release's submissions sees those of these datasets."""
        parents = [parent for parent in self._parents(self.resources[unique_id]) if parent in self.resources]
        listed = [years.of(self.facts.submissions.get(dataset, {})) for dataset in sorted(datasets)]
        return _hash(self.code(unique_id), *map(self.content, parents), *listed)

    def _years_read(self, found: Resource, parent: str, years: Years) -> Years:
        """What the slice of `found` for these years reads of its parent: all of it, unless that has slices itself."""
        read = self.resources.get(parent)
        if years == ALL or read is None:
            return years
        how = found.config.meta.get("slices_read", {}).get(read.name)
        if how not in (None, UNTIL, WHOLE):
            raise BuildFailed(f"{found.name}: slices_read is {how}.", cure=f"Known are {UNTIL} and {WHOLE}.")
        if how == WHOLE or (self._kind(read) != "view" and not _slice_by(read)):
            return ALL
        return Years(years.year, years.earlier or how == UNTIL)

    def _form(self, unique_id: str) -> str:
        """Hash of everything after whose change a view must be made again: dropping a table drops the views on it."""
        if unique_id not in self.resources:
            source = self.manifest.sources[unique_id]
            return _hash(unique_id, str(source.config.meta.get("contract_version")))
        found = self.resources[unique_id]
        if found.resource_type == "unit_test":
            return _hash(self.code(unique_id), *(self.code(parent) for parent in self._with_inputs(found)))
        kind = self._kind(found)
        if kind != "view":
            return self.content(unique_id)
        return _hash(self.code(unique_id), *map(self.form, self._parents(found)))

    def _with_inputs(self, unit_test: Resource) -> list[str]:
        """The model under test and what it reads, whose column types the test takes over."""
        models = self._parents(unit_test)
        inputs = {parent for model in models for parent in self._parents(self.resources[model])}
        return sorted({*models, *(name for name in inputs if name in self.resources)})

    def _code(self, unique_id: str) -> str:
        found = self.resources[unique_id]
        if found.resource_type == "unit_test":
            return _hash(self.common, found.checksum or json.dumps(found.to_dict(), sort_keys=True, default=str))
        words = [self.common, found.schema, found.alias, found.raw_code, found.description, _json(found.config)]
        words += [_json(column) for _, column in sorted(found.columns.items())]
        words += [_json(getattr(found, "test_metadata", None))]
        words += [self.manifest.macros[name].macro_sql for name in self._macros(found)]
        if found.resource_type == "seed":
            words.append(_file_hash(Path(found.root_path) / found.original_file_path))
        return _hash(*words)

    # -------------------------------------------------------------------------------------------------------- facts

    def calendar_of(self, unique_id: str) -> list[str]:
        """Facts of the calendar the model says it depends on, in its meta."""
        found = self.resources[unique_id]
        said = found.config.meta.get("calendar", []) if found.resource_type == "model" else []
        names = [said] if isinstance(said, str) else list(said)
        known = (*CALENDAR_FACTS, OF_THE_RELEASE, ITS_DAY)
        if not set(names) <= set(known):
            raise BuildFailed(f"{found.name}: meta.calendar is {names}.", cure=f"Known are: {', '.join(known)}.")
        if found.resource_type == "model" and not names and SAYS_THE_DAY in self._macros(found):
            raise BuildFailed(
                f"{found.name} uses as_of() but does not say what of the calendar changes it.",
                cure=f"Write into its config: meta: {{calendar: …}}, one or more of {', '.join(known)}.",
            )
        return names

    def _calendar(self, unique_id: str) -> str:
        day = self.facts.calendar["day"]
        values = {**self.facts.calendar, OF_THE_RELEASE: f"{self.facts.release_id} {day}", ITS_DAY: day}
        return _json({name: values[name] for name in self.calendar_of(unique_id)})

    def _source(self, unique_id: str, follows: str, years: Years) -> str:
        source = self.manifest.sources[unique_id]
        facts = {
            RAW: years.of(self.facts.submissions.get(source.name, {})),
            "submissions": _json(self.facts.submissions),
            "ledger": self.facts.ledger,
            OF_THE_RELEASE: str(self.facts.release_id),
            "nothing": "",
        }
        return _hash(unique_id, str(source.config.meta.get("contract_version")), facts[follows])

    def _follows(self, unique_id: str) -> str:
        source = self.manifest.sources[unique_id]
        if source.schema == RAW:
            return RAW
        follows = source.config.meta.get("follows")
        if follows not in FOLLOWS:
            raise BuildFailed(
                f"The source {source.name} does not say what its rows follow.",
                cure=f"Write into its config: meta: {{follows: …}}, one of {', '.join(FOLLOWS)}.",
            )
        return str(follows)

    def _lists_submissions(self, unique_id: str) -> bool:
        found = self.resources.get(unique_id)
        sources = [parent for parent in self._parents(found) if parent not in self.resources] if found else []
        return any(self._follows(source) == "submissions" for source in sources)

    def _datasets(self, found: Resource) -> Iterator[str]:
        for parent in self._parents(found):
            if parent not in self.resources and self.manifest.sources[parent].schema == RAW:
                yield self.manifest.sources[parent].name

    def _parents(self, found: Resource) -> list[str]:
        return sorted(set(getattr(found.depends_on, "nodes", ())))  # a seed has none

    def _macros(self, found: Resource) -> list[str]:
        """Every macro the node uses, and those used by these."""
        reached: set[str] = set()
        waiting = list(found.depends_on.macros)
        while waiting:
            if (name := waiting.pop()) not in reached and name in self.manifest.macros:
                reached.add(name)
                waiting += self.manifest.macros[name].depends_on.macros
        return sorted(reached)


def _project_hash() -> str:
    """What every node depends on: the project's variables and defaults, and the programs that build it."""
    project = settings().project_root / "dbt_project" / "dbt_project.yml"
    return _hash(_file_hash(project), version("dbt-core"), version("dbt-postgres"))


def _slice_by(found: Resource) -> str | None:
    """The column with the year its row belongs to, as the period of the submission begins with."""
    return found.config.meta.get("slice_by") if found.resource_type == "model" else None


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _json(thing: object) -> str:
    plain = thing.to_dict() if hasattr(thing, "to_dict") else thing
    return json.dumps(plain, sort_keys=True, default=str)


def _hash(*words: str) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(f"{len(word)}:{word}".encode())
    return digest.hexdigest()
