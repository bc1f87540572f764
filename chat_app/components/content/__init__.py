"""Content beside text, of messages, results and questions: JSON values, images, files."""

from chat_app.components.assets import linked

JS = linked(__file__)
