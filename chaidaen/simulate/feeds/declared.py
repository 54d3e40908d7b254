"""Feeds that are said in forms (`chaidaen/simulate/forms/`), one or more a dataset."""

from functools import partial

from chaidaen.simulate import periods
from chaidaen.simulate.feed import AgencyFeed, Draw
from chaidaen.simulate.filling import fill
from chaidaen.simulate.form import Form, FormFeed, forms
from chaidaen.simulate.tables import Table
from ingestion.agencies import agencies
from ingestion.contracts import load_contract


def _filled(form: Form, feed: FormFeed, agency_id: str, period: str, draw: Draw) -> Table:
    province = agencies()[agency_id].province_code
    contract = load_contract(form.dataset)
    table = Table({})
    for number, part in enumerate(feed.parts):
        own = partial(draw, "part", number) if number else draw
        table = table.followed_by(
            fill(
                contract, part.rows, form.columns_of(part),
                period=period, province_code=province, draw=own, before=len(table),
            )
        )  # fmt: skip
    return table if not feed.only or agency_id in feed.only else table.first(0)


FEEDS = tuple(
    AgencyFeed(form.dataset, feed.sender, feed.file_name, getattr(periods, feed.periods), partial(_filled, form, feed))
    for form in forms()
    for feed in form.feeds
)
