"""The executives' report of one quarter: a page for a province or the whole region, made of published safe marts only.

    with snapshot(release=None) as marts:
        scope = choose(marts, fiscal_year=2565, quarter=2, province="ปัตตานี")
        html = render(marts, scope)

`snapshot` reads one release as the role `chaidaen_bi`, all in one transaction; `choose` says where and when the report
is about; `sections` hold one module a section; `page` puts what they found into one file that needs nothing else.
How to add a section is told in `chaidaen/report/sections/__init__.py`.
"""

from chaidaen.report.page import render
from chaidaen.report.scope import Scope, choose
from chaidaen.report.snapshot import Snapshot, snapshot

__all__ = ["Scope", "Snapshot", "choose", "render", "snapshot"]
