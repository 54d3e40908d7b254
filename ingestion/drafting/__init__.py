"""A contract drafted from what an agency sends: what can be read off the sample, and TODO where one must decide."""

from ingestion.drafting.draft import Draft, draft_contract

__all__ = ["Draft", "draft_contract"]
