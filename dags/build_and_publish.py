"""From loaded submissions to a published release: build aside, test, then switch."""

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Param, dag, get_current_context, task

from dags.approving import ReleaseApproval
from dags.wiring import RELEASE_PUBLISHED, RETRIES, SUBMISSIONS_LOADED, step, tell_failed

ACTOR = "build_and_publish"  # who opened and published, in the record of each release
DOC = """
### สร้างและเผยแพร่ชุดข้อมูล · Build and publish a release

สร้างตารางชุดใหม่แยกจากชุดที่เผยแพร่อยู่ ตรวจคุณภาพ แล้วจึงสลับให้ผู้ใช้เห็นพร้อมกันทุกตาราง
ถ้าไม่ผ่านเกณฑ์ ชุดเดิมยังคงอยู่และผู้ใช้ไม่เห็นความเปลี่ยนแปลง

Builds the marts aside, runs the quality gate over them, and only then moves every reader to the new release at once.

* **Wakes** when submissions were loaded, and every night at 02:00 Thai time.
* **Does nothing** when nothing came, no code changed, and no obligation fell due since the last release; else it builds
  only the models that depend on what changed.
* **A held release fails the run on purpose:** the published one stays up. The failed task says why; the data docs
  show each expectation. Then correct the data and let it run again, or see `chaidaen publish --help`.
* **Waits for a person** when `CHAIDAEN_APPROVAL` is `always`, or `on_warning` and the gate warned: answer under
  Required Actions here, or by `chaidaen publish RELEASE --approve` (or `--reject --reason …`); either side sees the
  other's answer.
* **By hand:** `chaidaen build`, `chaidaen gate`, `chaidaen publish`, `chaidaen rollback RELEASE`.
"""


@dag(
    dag_display_name="สร้างและเผยแพร่ · Build and publish",
    description="สร้าง ตรวจคุณภาพ และเผยแพร่ชุดข้อมูล · Build the marts, pass the gate, publish the release",
    doc_md=DOC,
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 2 * * *", timezone="Asia/Bangkok"), assets=[SUBMISSIONS_LOADED]
    ),
    catchup=False,
    on_failure_callback=tell_failed,
    max_active_runs=1,
    default_args=RETRIES,
    params={
        "force": Param(
            default=False,
            type="boolean",
            title="สร้างใหม่เสมอ · Build anyway",
            description="แม้ไม่มีอะไรเปลี่ยน · even when nothing has changed",
        )
    },
    tags=["publication"],
)
def build_and_publish() -> None:
    @task.short_circuit(
        task_display_name="เปิดชุดใหม่ · Open a release",
        doc_md="ตรึงรายการข้อมูลที่จะใช้ · Pins the submissions the candidate is made of and returns its number. "
        "Skips the rest when nothing has changed since the last release.",
    )
    @step
    def open_release() -> int | None:
        from publication import releases

        return releases.open_release(force=bool(get_current_context()["params"]["force"]), actor=ACTOR)

    def layer(parts: list[str], title: str, what: str, release_id: int) -> int:
        @task(task_id=f"build_{parts[-1]}", task_display_name=title, doc_md=what)
        @step
        def build(release_id: int) -> int:
            from publication.build import build_layer

            for part in parts:
                build_layer(release_id, part)
            return release_id

        return build(release_id)

    @task(
        task_display_name="เก็บลงคลัง · Store",
        doc_md="เก็บตารางที่สร้างแล้วเป็นส่วน ๆ · Copies the candidate marts into the store; unchanged parts are shared "
        "with earlier releases. Readers see none of it yet.",
    )
    @step
    def store(release_id: int) -> int:
        from publication.build import store_candidate

        store_candidate(release_id)
        return release_id

    @task(
        task_display_name="ตรวจคุณภาพ · Gate",
        doc_md="ตรวจเกณฑ์คุณภาพทั้งหมดก่อนเผยแพร่ · Runs every expectation over the candidate through the views its "
        "readers will use. When one dataset's new submissions fail, the release is built again with its last good "
        "ones. What still fails is held: this task fails and says why.",
    )
    @step
    def gate(release_id: int) -> int:
        from core.errors import GateFailed
        from publication.fallback import judge_or_fall_back

        judged = judge_or_fall_back(release_id, ACTOR)
        if not judged.passed:
            raise GateFailed(
                f"ชุดที่ {release_id} ถูกระงับ ชุดที่เผยแพร่อยู่ยังคงเดิม · "
                f"Release {release_id} is held (gate: {judged.gate}); the published release stands",
                cure=f"See `chaidaen gate {release_id}` and the data docs; correct the data, and this flow runs again.",
            )
        return judged.release_id

    def approve(release_id: int) -> int:
        return ReleaseApproval(
            task_id="approve",
            task_display_name="อนุมัติ · Approve",
            doc_md="รอผู้มีอำนาจอนุมัติ ถ้าตั้งค่าไว้ · Waits for a person's word if `CHAIDAEN_APPROVAL` says so, else passes at "
            "once. A refusal leaves the release held and skips the rest; so does silence.",
            release_id=release_id,
            actor=ACTOR,
            execution_timeout=None,  # waiting is limited by CHAIDAEN_APPROVAL_HOURS
        ).output

    @task(
        task_display_name="เผยแพร่ · Publish",
        doc_md="สลับให้ผู้ใช้เห็นชุดใหม่พร้อมกันทุกตาราง · One statement moves every mart to this release.",
        outlets=[RELEASE_PUBLISHED],
    )
    @step
    def publish(release_id: int) -> int:
        from publication import releases

        releases.publish(release_id, ACTOR)
        return release_id

    @task(
        task_display_name="เก็บกวาด · Tidy",
        doc_md="ลบเนื้อหาของชุดเก่าที่ไม่ต้องเก็บแล้ว · Deletes the content of releases that are no longer kept: all but "
        "the latest ones and the last of every month. Readers wait for nothing.",
    )
    @step
    def tidy(release_id: int) -> dict[str, int]:
        from publication.retention import drop_old_content

        gone = drop_old_content(ACTOR)
        return {"published": release_id, "releases": len(gone.releases), "parts": gone.parts}

    opened = open_release()
    staged = layer(["seeds", "staging"], "จัดรูป · Staging", "ตั้งชื่อและชนิดข้อมูล · Names, types, and the lists.", opened)
    linked = layer(["intermediate"], "เชื่อมโยง · Intermediate", "คน ครัวเรือน พื้นที่ · People, households, places.", staged)
    built = layer(["marts"], "ตารางเผยแพร่ · Marts", "ตารางที่ผู้ใช้อ่าน · What readers read, exact and safe.", linked)
    tidy(publish(approve(gate(store(built)))))


build_and_publish()
