"""The inbox: the chats that wait for a person, and the schedules of runs."""

from chat_app.components.assets import linked

JS = linked(__file__)
