"""From dropped files to receipts, in seconds, whatever else is at work."""

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task

from dags.wiring import FILES_LANDED, RETRIES, by_hand, step, tell_failed

DOC = """
### รับไฟล์และออกใบรับ · Receive files, issue receipts

เก็บไฟล์ต้นฉบับที่หน่วยงานวางไว้ ลงทะเบียน และออกใบรับทันที การตรวจไฟล์อื่นที่ใช้เวลานานไม่ทำให้ใบรับของใครช้าลง

Archives every settled file in `landing/<agency>/<dataset>/<period>/` by its hash, writes it into the ledger and issues
its receipt. Nothing is opened here, so a file of a million rows keeps nobody waiting.

* **Wakes** when files rest in the landing folder, and every five minutes whatever happens.
* **Stays awake** while files come or submissions are being processed (ten minutes at most, then the next run follows):
  starting a task costs seconds, a look costs nothing.
* **A file still being written** stays where it is; `chaidaen status` shows it.
* **By hand:** `chaidaen ingest`, or trigger this DAG: then it looks once.
"""


@dag(
    dag_display_name="รับไฟล์ · Receive submissions",
    description="เก็บไฟล์ ลงทะเบียน ออกใบรับ · Archive what agencies dropped and issue receipts",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("*/5 * * * *", timezone="Asia/Bangkok"), assets=[FILES_LANDED]
    ),
    catchup=False,
    on_failure_callback=tell_failed,
    max_active_runs=1,
    default_args=RETRIES,
    tags=["ingestion"],
)
def receive_submissions() -> None:
    @task(
        task_display_name="ออกใบรับ · Receive",
        doc_md="เก็บไฟล์ต้นฉบับ ลงทะเบียน และออกใบรับ · "
        "Archives each settled file by its hash, writes it into the ledger and issues its receipt; returns how many. "
        "Files still being written stay where they are.",
    )
    @step
    def receive() -> int:
        from ingestion.intake import receive_all
        from ingestion.watching import receive_while_busy

        return len(receive_all() if by_hand() else receive_while_busy())

    receive()


receive_submissions()
