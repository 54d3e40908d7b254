"""A step of a flow that waits for a person, who may answer in Airflow or by `chaidaen publish`."""

import asyncio
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.providers.standard.triggers.hitl import HITLTrigger
from airflow.sdk import Context
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput
from airflow.sdk.timezone import utcnow
from airflow.triggers.base import TriggerEvent

from dags.wiring import step

LOOK_EVERY_SECONDS = 2.0


class ReleaseApproval(ApprovalOperator):
    """Asks whether a release is to be published, and passes at once when nobody is to be asked.

    Airflow would only listen to its own page; the ledger of releases is asked as well, so an answer by command ends
    the wait. While it waits it takes no worker, only the triggerer. Nobody answers in `CHAIDAEN_APPROVAL_HOURS`: the
    flow goes no further, the release stays held and can still be approved.
    """

    template_fields = ("subject", "body", "release_id")

    def __init__(self, *, release_id: object, actor: str, **options: Any) -> None:  # noqa: ANN401 - Airflow's own
        super().__init__(subject="", **options)
        self.release_id = release_id
        self.actor = actor

    @step
    def execute(self, context: Context) -> object:
        from core.settings import settings
        from publication import approval

        question = approval.ask(int(self.release_id), self.actor)
        if question is None:
            return self._go_on(context, approval.standing(int(self.release_id)))
        self.subject, self.body = question.subject, question.body
        try:
            return super().execute(context)
        except TaskAwaitingInput as waiting:
            patience = timedelta(hours=settings().approval_hours)
            self.defer(
                trigger=ReleaseDecisionTrigger(
                    release_id=int(self.release_id), ti_id=context["task_instance"].id, options=self.options, params={},
                    timeout_datetime=utcnow() + patience, poke_interval=LOOK_EVERY_SECONDS,
                ),
                method_name=waiting.method_name,
            )  # fmt: skip

    @step
    def execute_complete(self, context: Context, event: dict[str, Any]) -> int:
        """Write the answer into the ledger; what stands there is what counts, also if both sides answered at once."""
        from publication import approval

        release_id = int(self.release_id)
        if event.get("error_type") == "timeout":
            raise AirflowSkipException(f"Nobody has decided about release {release_id}; it stays held.")
        if "error" in event:
            self.process_trigger_event_error(event)
        standing = approval.standing(release_id)
        user = event["responded_by_user"]
        if standing == "waiting" and user is not None:
            if self.APPROVE in event["chosen_options"]:
                standing = approval.approve(release_id, user["name"], "airflow")
            else:
                standing = approval.reject(release_id, user["name"], "airflow", "ไม่อนุมัติใน Airflow · refused in Airflow")
        return self._go_on(context, standing)

    def _go_on(self, context: Context, standing: str) -> int:
        if standing == "rejected":
            self.log.info("Release %s is refused and stays held; the published one stands.", self.release_id)
            self.skip(ti=context["ti"], tasks=context["task"].get_direct_relatives(upstream=False))
        return int(self.release_id)


class ReleaseDecisionTrigger(HITLTrigger):
    """Fires when somebody has answered, in Airflow or by command, or when it is too late."""

    def __init__(self, *, release_id: int, **options: Any) -> None:  # noqa: ANN401 - Airflow's own
        super().__init__(**options)
        self.release_id = release_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        _, options = super().serialize()
        return "dags.approving.ReleaseDecisionTrigger", {**options, "release_id": self.release_id}

    async def _handle_response(self) -> TriggerEvent | None:
        decided = await asyncio.to_thread(_standing, self.release_id)
        if decided == "waiting":
            return await super()._handle_response()
        answer = ApprovalOperator.APPROVE if decided == "approved" else ApprovalOperator.REJECT
        return TriggerEvent(
            {"chosen_options": [answer], "params_input": {}, "responded_at": utcnow(), "responded_by_user": None}
        )


def _standing(release_id: int) -> str:
    """A database that is away is asked again: the wait outlives that."""
    from core.errors import DatabaseUnavailable
    from publication import approval

    try:
        return approval.standing(release_id)
    except DatabaseUnavailable:
        return "waiting"
