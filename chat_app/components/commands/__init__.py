"""Commands of the table `chat_app.shortcuts`: their keys, who does them, and buttons that do."""

from chat_app.components.assets import linked

JS = linked(__file__)
