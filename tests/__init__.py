"""The tests. What the helpers assert is told as fully as what the tests do."""

import pytest

pytest.register_assert_rewrite("tests.helpers")
