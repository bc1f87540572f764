"""Share links: the dialog that makes those to one chat, and the list of all of a person's."""

from chat_app.components.assets import linked

JS = linked(__file__)
