"""Every feed of the simulator: one module per family of datasets."""

from functools import cache

from chaidaen.simulate.feed import AgencyFeed, Feed
from chaidaen.simulate.feeds import cases, declared, integrity, observations, people, programmes, survey
from core.errors import UsageError

SURVEY = ("household_survey", "household_member", "welfare_card")


@cache
def all_feeds() -> tuple[Feed | AgencyFeed, ...]:
    """The feeds of all families, in the order in which files are written."""
    found: list[Feed | AgencyFeed] = []
    for family in (survey, people, cases, programmes, integrity, observations, declared):
        found += family.FEEDS
    sent = [(feed.dataset, feed.sender) for feed in found]
    if len(set(sent)) < len(sent):
        raise ValueError(f"two feeds write the same file: {sorted(pair for pair in sent if sent.count(pair) > 1)}")
    return tuple(found)


def feeds_of(datasets: tuple[str, ...] | None) -> tuple[Feed | AgencyFeed, ...]:
    """The feeds of these datasets (None: all). Raises UsageError for one that is not simulated."""
    if datasets is None:
        return all_feeds()
    known = list(dict.fromkeys(feed.dataset for feed in all_feeds()))
    unknown = [dataset for dataset in datasets if dataset not in known]
    if unknown or not datasets:
        raise UsageError(
            f"Not simulated: {', '.join(unknown) or 'no dataset was named'}.", cure=f"Choose from {', '.join(known)}."
        )
    return tuple(feed for feed in all_feeds() if feed.dataset in datasets)
