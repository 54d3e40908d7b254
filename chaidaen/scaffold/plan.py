"""What a contract settles of its models: their names, the columns of the mart, what each is and rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import UsageError
from ingestion.contracts import Column, Contract


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column read out of the period; `one`: a value of it in a unit test."""

    name: str
    data_type: str
    description: str
    one: str


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """`select`: lines of the staging model that give `columns`; `part_by`: the column the mart is parted by."""

    select: Sequence[str]
    columns: Sequence[PeriodColumn]
    example: str
    part_by: str | None


def _year(name: str, thai: str, english: str, value: str = "2565") -> PeriodColumn:
    return PeriodColumn(name, "integer", f"{thai} พ.ศ. | {english} (Buddhist)", value)


def _yearly(name: str, thai: str, english: str) -> PeriodForm:
    return PeriodForm([f"cast(_period as integer) as {name}"], [_year(name, thai, english)], "2565", name)


_FISCAL_YEAR = _year("fiscal_year_be", "ปีงบประมาณ", "Fiscal year")
_QUARTER = PeriodColumn(
    "fiscal_quarter", "integer", "ไตรมาสของปีงบประมาณ 1 = ต.ค.–ธ.ค. | Fiscal quarter; 1 is October to December", "2"
)
PERIODS: Mapping[str, PeriodForm] = {
    "fiscal_year": _yearly("fiscal_year_be", "ปีงบประมาณ", "Fiscal year"),
    "calendar_year": _yearly("calendar_year_be", "ปีปฏิทิน", "Calendar year"),
    "academic_year": _yearly("academic_year_be", "ปีการศึกษา", "Academic year"),
    "survey_round": _yearly("survey_year_be", "ปีสำรวจ", "Survey year"),
    "fiscal_quarter": PeriodForm(
        ["{{ quarter_columns() }}"], [_FISCAL_YEAR, _QUARTER], "2565-Q2", "fiscal_year_be"
    ),
    "calendar_month": PeriodForm(
        ["{{ month_columns() }}"],
        [
            PeriodColumn("month_first_date", "date", "วันแรกของเดือน (ค.ศ.) | First day of the month (CE)", "2022-02-01"),
            _FISCAL_YEAR,
            _QUARTER,
        ],
        "2565-02",
        "fiscal_year_be",
    ),
    "meeting": PeriodForm(
        ["cast(left(_period, 4) as integer) as calendar_year_be", "cast(right(_period, 2) as integer) as meeting_no"],
        [
            _year("calendar_year_be", "ปีปฏิทินของการประชุม", "Calendar year of the meeting"),
            PeriodColumn("meeting_no", "integer", "ครั้งที่ของการประชุมในปี | Number of the meeting in the year", "2"),
        ],
        "2565-02",
        "calendar_year_be",
    ),
    "as_of_date": PeriodForm(
        ["{{ list_date('_period') }} as list_date"],
        [PeriodColumn("list_date", "date", "วันที่ของบัญชี (ค.ศ.) | Day of the list (CE)", "2022-02-28")],
        "2565-02-28",
        None,
    ),
}  # fmt: skip
_OURS = frozenset({"agency_id", "province_code", "period", "destination", "agency_name_th", "agency_name_en"})


@dataclass(frozen=True, slots=True)
class ListedColumn:
    """A column of the contract on its way into the mart; `name` is another than `sent` where ours has that name."""

    column: Column
    name: str

    @property
    def sent(self) -> str:
        return self.column.name

    @property
    def data_type(self) -> str:
        return self.column.physical_type.replace(",", ", ")

    @property
    def is_figure(self) -> bool:
        return self.column.logical_type in ("integer", "number")

    @property
    def kind(self) -> str:
        """As the safe mart must know it: what counts people or households is hidden where it is small."""
        if not self.is_figure:
            return "label"
        return {"persons": "count", "households": "count", "baht": "sum", "houses": "sum"}.get(
            self.column.unit or "", "score"
        )

    @property
    def unit(self) -> str:
        return {"pct": "percent", None: "as reported"}.get(self.column.unit, self.column.unit or "")

    @property
    def may_be_negative(self) -> bool:
        return self.kind == "sum" and (self.column.minimum is None or self.column.minimum < 0)

    @property
    def description(self) -> str:
        return f"{self.column.description_th} | {self.column.description_en}"

    @property
    def values(self) -> tuple[str, str]:
        """Two values for a unit test, as YAML."""
        if len(self.column.codes) > 1:
            return self.column.codes[0].value, self.column.codes[1].value
        return {"date": ("2022-02-01", "2022-02-02"), "boolean": ("true", "false")}.get(
            self.column.logical_type, ("1", "2") if self.is_figure else ("first", "second")
        )


@dataclass(frozen=True, slots=True)
class Forms:
    """Everything the templates speak of."""

    contract: Contract
    group: str
    supplier: str
    entities: str
    mart: str
    period: PeriodForm
    columns: Sequence[ListedColumn]

    @property
    def staging(self) -> str:
        return f"stg_{self.supplier}__{self.entities}"

    @property
    def listed(self) -> str:
        return f"int_{self.entities}_listed"

    @property
    def family(self) -> str:
        return self.contract.id

    @property
    def accounted(self) -> str:
        return f"int_{self.family}_rows_accounted"

    @property
    def trace(self) -> str:
        return f"trace_{self.entities}"

    @property
    def key(self) -> Sequence[ListedColumn]:
        return [self._of(name) for name in self.contract.primary_key]

    @property
    def others(self) -> Sequence[ListedColumn]:
        return [column for column in self.columns if column.sent not in self.contract.primary_key]

    @property
    def figures(self) -> Sequence[ListedColumn]:
        return [column for column in self.others if column.is_figure]

    @property
    def bounded(self) -> Sequence[ListedColumn]:
        """Figures of which the contract says how small and how large they may be."""
        return [one for one in self.figures if one.column.minimum is not None and one.column.maximum is not None]

    @property
    def grain(self) -> Sequence[str]:
        return [*(column.name for column in self.period.columns), "agency_id", *(column.name for column in self.key)]

    @property
    def once(self) -> Sequence[str]:
        """What names one thing among the rows of all files."""
        return ["agency_id", "period", *(column.name for column in self.key)]

    @property
    def label_within(self) -> str:
        """The English label inside a sentence; an acronym stays as it is."""
        label = self.contract.label_en
        return label if label[:2].isupper() else label[:1].lower() + label[1:]

    @property
    def owner(self) -> str:
        return f"{self.contract.supplier_th} | {self.contract.supplier_en}"

    def _of(self, name: str) -> ListedColumn:
        return next(column for column in self.columns if column.sent == name)


def plan_forms(contract: Contract, *, group: str, entities: str | None = None, mart: str | None = None) -> Forms:
    """Settle names and columns. Raises UsageError for a dataset whose rows are people or households."""
    linked = [column.label_en for column in contract.columns if column.identifier]
    hidden = [name for name in contract.primary_key if contract.column(name).is_personal]
    if linked or hidden:
        raise UsageError(
            f"Rows of {contract.id} are people or households ({', '.join(linked or hidden)}); no mart may list them.",
            cure="Write models that count them: docs/add-a-dataset.md, “Rows that are people”.",
        )
    named = entities or _plural(contract.id)
    columns = [
        ListedColumn(column, f"stated_{column.name}" if column.name in _OURS else column.name)
        for column in contract.columns
        if not column.is_personal
    ]
    return Forms(contract, group, _supplier(contract), named, mart or named, PERIODS[contract.period_kind], columns)


def _supplier(contract: Contract) -> str:
    """The middle of stg_<agency>__<entities>: the kind of agency that owes it; divisions of the centre are `sbpac`."""
    kinds = {"sbpac" if kind.startswith("sbpac_") else kind for kind in contract.owed_by}
    return kinds.pop() if len(kinds) == 1 else "agencies"


def _plural(name: str) -> str:
    if name.endswith("y"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch")) else f"{name}s"
