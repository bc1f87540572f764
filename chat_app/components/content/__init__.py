"""What messages, results and questions carry beside text: JSON values, pictures, files."""

from chat_app.components.assets import linked

JS = linked(__file__)
