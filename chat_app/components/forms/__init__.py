"""Forms made from a JSON Schema: fields, what they hold, and what is wrong with it."""

from chat_app.components.assets import linked

JS = linked(__file__)
