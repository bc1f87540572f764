"""``python -m chat_app.client``: the commands of `chat_app.cli`, which is made of this package.

They know the settings and this package does not, so it starts them by name, as ``-m`` does, and
imports nothing of them.
"""

from runpy import run_module

run_module("chat_app.cli", run_name="__main__", alter_sys=True)
