"""What the look is made of: the stylesheets, in the order they apply.

Colours, type and spacing are CSS variables in `assets/tokens.css`; nothing else names a colour.
A stylesheet of a component lies beside it.
"""

_BESIDE = "/external/chat_app"
"""Where Reflex links the stylesheets that lie beside Python modules."""

STYLESHEETS = [
    "/tokens.css",
    "/page.css",
    f"{_BESIDE}/components/shared/dialog.css",
    f"{_BESIDE}/components/sharing/share.css",
    f"{_BESIDE}/components/navigation/sidebar.css",
    f"{_BESIDE}/components/navigation/search.css",
    f"{_BESIDE}/components/navigation/account.css",
    f"{_BESIDE}/components/navigation/header.css",
    f"{_BESIDE}/components/navigation/look.css",
    f"{_BESIDE}/components/conversation/transcript.css",
    f"{_BESIDE}/components/conversation/turn.css",
    f"{_BESIDE}/components/conversation/scroll.css",
    f"{_BESIDE}/components/conversation/actions.css",
    f"{_BESIDE}/components/conversation/edit_message.css",
    f"{_BESIDE}/components/conversation/compare.css",
    f"{_BESIDE}/components/conversation/sources.css",
    f"{_BESIDE}/components/connection/reconnecting.css",
    f"{_BESIDE}/components/steps/disclosure.css",
    f"{_BESIDE}/components/steps/reasoning.css",
    f"{_BESIDE}/components/steps/call.css",
    f"{_BESIDE}/components/content/value.css",
    f"{_BESIDE}/components/conversation/output.css",
    f"{_BESIDE}/renderers/renderers.css",
    f"{_BESIDE}/components/prose/prose.css",
    f"{_BESIDE}/components/prose/lists.css",
    f"{_BESIDE}/components/shared/plain_text.css",
    f"{_BESIDE}/components/shared/menu.css",
    f"{_BESIDE}/components/prose/code.css",
    f"{_BESIDE}/components/prose/diff.css",
    f"{_BESIDE}/components/prose/image.css",
    f"{_BESIDE}/components/composer/composer.css",
    f"{_BESIDE}/components/composer/queue.css",
    f"{_BESIDE}/components/composer/input_form.css",
    f"{_BESIDE}/components/connection/notice.css",
    f"{_BESIDE}/components/conversation/new_chat.css",
    f"{_BESIDE}/components/forms/fields.css",
    f"{_BESIDE}/components/cards/ask.css",
    f"{_BESIDE}/components/content/media.css",
    f"{_BESIDE}/components/composer/attach.css",
    f"{_BESIDE}/components/steps/agent.css",
    f"{_BESIDE}/components/panel/workspace.css",
    f"{_BESIDE}/components/panel/panel.css",
    f"{_BESIDE}/components/panel/panel_tabs.css",
    f"{_BESIDE}/components/panel/preview.css",
    f"{_BESIDE}/components/conversation/events.css",
    f"{_BESIDE}/components/inbox/inbox.css",
    "/forced_colors.css",
]
