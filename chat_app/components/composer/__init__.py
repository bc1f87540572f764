"""The composer: the text box or form, attachments, and the queue above it."""

from chat_app.components.assets import linked

JS = linked(__file__)
