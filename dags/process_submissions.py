"""From received files to checked and loaded submissions, with a report for each."""

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from dags.wiring import RETRIES, SUBMISSIONS_LOADED, SUBMISSIONS_RECEIVED, by_hand, step, tell_failed

WORKERS = 2  # one may be at a large file while the other serves everybody else (`ledger.claim_next`)
NICENESS = 10  # where cores are few, scheduling and receiving come before long work

DOC = """
### ตรวจและนำเข้าข้อมูล · Check and load what was received

ตรวจไฟล์ที่รับแล้วตามสัญญาข้อมูล นำแถวที่ถูกต้องเข้าคลัง แถวที่ผิดถูกเก็บไว้ครบถ้วน
และรายงานกลับไปที่โฟลเดอร์ outbox ของหน่วยงาน

Checks every received file against its contract and loads the good rows. Bad rows are kept whole and reported in the
agency's outbox.

* **Wakes** when the ledger has new submissions, and every five minutes whatever happens.
* **The ledger** (`ops.submissions`) is the work list, not this DAG: an event that is lost, a run that is killed or
  cleared, or two runs at once change nothing in the outcome.
* **Two runs at once** share the list. Only one of them takes large files, so small ones never queue behind those.
* **By hand:** `chaidaen ingest`. **What became of a file:** `chaidaen submissions`, `chaidaen receipt NUMBER`.
"""


@dag(
    dag_display_name="ตรวจและนำเข้า · Process submissions",
    description="ตรวจ นำเข้าคลัง เขียนรายงาน · Check and load what was received, report to its agency",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/5 * * * *", timezone="Asia/Bangkok"), assets=[SUBMISSIONS_RECEIVED]
    ),
    catchup=False,
    on_failure_callback=tell_failed,
    max_active_runs=WORKERS,
    default_args=RETRIES,
    tags=["ingestion"],
)
def process_submissions() -> None:
    @task(
        task_display_name="ตรวจและนำเข้า · Check and load",
        doc_md="ตรวจตามสัญญาข้อมูล นำเข้าแถวที่ถูกต้อง และเขียนรายงาน · "
        "Drains the ledger's work list: checks, loads and reports each submission in a transaction of its own.",
    )
    @step
    def process() -> dict[str, int]:
        from collections import Counter

        from ingestion.intake import process_all
        from ingestion.watching import process_while_busy

        return dict(Counter(one.state for one in (process_all() if by_hand() else process_while_busy())))

    @task(
        task_display_name="แจ้งว่ามีข้อมูลใหม่ · Tell of new data",
        doc_md="แจ้งผู้เผยแพร่เมื่อมีข้อมูลที่นำเข้าแล้วแต่ยังไม่ได้เผยแพร่ · "
        "Tells the publication that something new is loaded; skipped when nothing waits for a release.",
        outlets=[SUBMISSIONS_LOADED],
    )
    @step
    def announce() -> None:
        from publication.waiting import waiting_for_a_release

        waiting = len(waiting_for_a_release())  # asked of the ledger: also what a killed try had loaded
        if not waiting:
            raise AirflowSkipException("Nothing waits for a release.")
        get_current_context()["outlet_events"][SUBMISSIONS_LOADED].extra = {"submissions": waiting}

    process() >> announce()


process_submissions()
