"""Tells engineers what they must know: failed flows, held releases, a published release that has become old."""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from dags.wiring import RETRIES, step, tell_failed

DOC = """
### แจ้งเจ้าหน้าที่ระบบ · Notify engineers

แจ้งครั้งเดียวต่อเหตุการณ์ เมื่อชุดข้อมูลถูกระงับหรือชุดที่เผยแพร่เก่าเกินกำหนด และส่งซ้ำเฉพาะที่ยังส่งไม่สำเร็จ

Tells, once each, of releases that are held or have become old, and sends again what could not be sent before.
A flow that fails is told of at once; this flow follows in case that did not get through.

* **Off** until `CHAIDAEN_NOTIFY_URL` names a webhook or a mail server.
* **What was told when** is in `ops.notices`.
"""


@dag(
    dag_display_name="แจ้งเจ้าหน้าที่ · Notify engineers",
    description="แจ้งเมื่อระงับหรือเก่าเกินกำหนด · Tell of held and old releases, and of what was not told yet",
    doc_md=DOC,
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="Asia/Bangkok"),
    catchup=False,
    on_failure_callback=tell_failed,
    max_active_runs=1,
    default_args={**RETRIES, "execution_timeout": timedelta(minutes=10)},
    tags=["publication"],
)
def notify_engineers() -> None:
    @task(
        task_display_name="แจ้ง · Tell",
        doc_md="ส่งสิ่งที่ยังไม่ได้แจ้ง · Sends what has not been told yet. A mail server that is away fails nothing.",
    )
    @step
    def tell() -> dict[str, int]:
        from dataclasses import asdict

        from publication import notifying

        return asdict(notifying.tell())

    tell()


notify_engineers()
