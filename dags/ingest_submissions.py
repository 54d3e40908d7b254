"""From dropped files to checked and loaded submissions, with a receipt and a report for each."""

from airflow.sdk import AssetAlias, AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task

from dags.wiring import FILES_LANDED, RETRIES, SUBMISSIONS_LOADED, step

LOADED_IF_ANY = AssetAlias("submissions_loaded_if_any", group="chaidaen")  # an outlet that is quiet by default

DOC = """
### รับข้อมูลที่หน่วยงานส่ง · Take in what the agencies send

อ่านไฟล์ในโฟลเดอร์รับข้อมูล ออกใบรับ ตรวจตามสัญญาข้อมูล แล้วนำแถวที่ถูกต้องเข้าคลัง
แถวที่ผิดถูกเก็บไว้ครบถ้วน และรายงานกลับไปที่โฟลเดอร์ outbox ของหน่วยงาน

Reads the files in `landing/<agency>/<dataset>/<period>/`, issues receipts, checks every file against its contract and
loads the good rows. Bad rows are kept whole and reported in the agency's outbox.

* **Wakes** when files rest in the landing folder, and every five minutes whatever happens.
* **The ledger** (`ops.submissions`) is the work list, not this DAG: an event that is lost, a run that is killed or
  cleared, or two runs at once change nothing in the outcome.
* **By hand:** `chaidaen ingest`. **What became of a file:** `chaidaen submissions`, `chaidaen receipt NUMBER`.
"""


@dag(
    dag_display_name="รับข้อมูล · Ingest submissions",
    description="รับไฟล์ ตรวจ และนำเข้าคลัง · Receive, check and load what agencies dropped",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/5 * * * *", timezone="Asia/Bangkok"), assets=[FILES_LANDED]
    ),
    catchup=False,
    max_active_runs=1,
    default_args=RETRIES,
    tags=["ingestion"],
)
def ingest_submissions() -> None:
    @task(
        task_display_name="ออกใบรับ · Receive",
        doc_md="เก็บไฟล์ต้นฉบับ ลงทะเบียน และออกใบรับ · "
        "Archives each settled file by its hash, writes it into the ledger and issues its receipt; returns the ids. "
        "Files still being written stay where they are.",
    )
    @step
    def receive() -> list[int]:
        from ingestion.intake import receive_all

        return receive_all()

    @task(
        task_display_name="ตรวจและนำเข้า · Check and load",
        doc_md="ตรวจตามสัญญาข้อมูล นำเข้าแถวที่ถูกต้อง และเขียนรายงาน · "
        "Drains the ledger's work list: checks, loads and reports each submission in a transaction of its own. "
        "Tells the publication that something new is loaded only when that is so.",
        outlets=[LOADED_IF_ANY],
    )
    @step
    def process(received: list[int]) -> dict[str, int]:
        from collections import Counter

        from ingestion.intake import process_all
        from publication.waiting import loaded_but_in_no_release

        done = Counter(processed.state for processed in process_all())
        waiting = len(loaded_but_in_no_release())
        if waiting:  # asked of the ledger: also what a killed try had loaded
            event = get_current_context()["outlet_events"][LOADED_IF_ANY]
            event.add(SUBMISSIONS_LOADED, extra={"submissions": waiting})
        return {"received": len(received), **done}

    process(receive())


ingest_submissions()
