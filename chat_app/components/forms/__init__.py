"""Forms made from a JSON Schema: fields, their values, and validation errors."""

from chat_app.components.assets import linked

JS = linked(__file__)
