"""The end of `build_and_publish` for a release that stands already: the very steps, none of the building."""

from airflow.sdk import Param, dag, task

from dags.approving import ReleaseApproval
from dags.wiring import RETRIES, step, tell_failed


@dag(
    schedule=None,
    default_args=RETRIES,
    on_failure_callback=tell_failed,
    params={"release": Param(0, type="integer"), "fail": Param(False, type="boolean")},
)
def approving_flow() -> None:
    @task(retries=0)
    @step
    def publish(release_id: str) -> int:
        from airflow.sdk import get_current_context

        from publication import releases

        if get_current_context()["params"]["fail"]:
            raise OSError("a disk is gone")
        releases.publish(int(release_id), "tests")
        return int(release_id)

    approved = ReleaseApproval(
        task_id="approve", release_id="{{ params.release }}", actor="tests", execution_timeout=None
    )
    publish(approved.output)


approving_flow()
