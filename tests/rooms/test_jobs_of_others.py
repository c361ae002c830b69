"""Jobs: who sees, cancels and repeats which, on pages and by the API alike."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job_of_nobodys_node(enterprise):
    from linyin.platform.models import Job

    group = enterprise.actor("administrator")
    return Job.objects.create(kind="invitation", person=group.person, state="failed")


def test_work_of_no_node_is_seen_and_repeated_by_those_of_the_whole_alone(
    enterprise, job_of_nobodys_node
):
    job = job_of_nobodys_node
    below = enterprise.client("administrator", "A")
    above = enterprise.client("administrator")

    for verb in ("", "cancel", "repeat"):
        at = f"/home/jobs/{job.pk}/{verb}"
        answer = below.post(at) if verb else below.get(at)
        assert answer.status_code == 404, at
    job.refresh_from_db()
    assert job.state == "failed"
    assert above.get(f"/home/jobs/{job.pk}/").status_code == 200


def test_cancelling_and_repeating_are_told_by_the_trail(enterprise, job_of_nobodys_node):
    from linyin.platform.models import AuditEvent

    job, above = job_of_nobodys_node, enterprise.client("administrator")

    assert above.post(f"/home/jobs/{job.pk}/repeat").status_code == 302
    job.refresh_from_db()
    assert job.state == "waiting"
    assert above.post(f"/home/jobs/{job.pk}/cancel").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"

    told = AuditEvent.objects.filter(key=str(job.pk)).order_by("pk")
    assert [event.action for event in told] == ["jobs.repeat", "jobs.cancel"]
