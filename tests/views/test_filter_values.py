"""A filter that offers the values of a column offers every one of them."""

from models import JobRun


def test_the_value_of_every_row_can_be_filtered_for_however_many_there_are(office):
    names = [f"job-{number:02}" for number in range(45)]
    with office.session() as session:
        for name in names:
            session.add(JobRun(name=name, started_at=office.now, as_of=office.now))
    client = office.client("管理员")
    page = client.get("/jobruns/").get_data(as_text=True)
    assert all(f'value="{name}"' in page for name in names)
    found = client.get("/jobruns/?name=job-44").get_data(as_text=True)
    assert '<span class="count">1</span>' in found
