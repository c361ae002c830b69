import pytest
from house import house


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An enterprise of one site in a workspace, saved as `built`."""
    with house(tmp_path_factory.mktemp("house")) as made:
        made.do("build")
        made.save("built")
        yield made
