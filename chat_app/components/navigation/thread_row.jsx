/* One thread of the list: a link, its mark, and the menu of what can be done with it. */

import { memo } from "react";
import { Link } from "react-router";
import Archive from "lucide-react/dist/esm/icons/archive.mjs";
import ArchiveRestore from "lucide-react/dist/esm/icons/archive-restore.mjs";
import ListChecks from "lucide-react/dist/esm/icons/list-checks.mjs";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";
import Pin from "lucide-react/dist/esm/icons/pin.mjs";
import PinOff from "lucide-react/dist/esm/icons/pin-off.mjs";
import Trash from "lucide-react/dist/esm/icons/trash-2.mjs";
import { useHasDraft } from "../composer/drafts.js";
import { Menu, MenuItem, MenuSeparator } from "../shared/menu.jsx";
import { filled } from "../shared/words.jsx";
import { RenameField } from "./rename_field.jsx";
import { ThreadStatus } from "./thread_watch.jsx";

function RowMenu({ row, words, act }) {
  const { id, title, is_pinned: isPinned, is_archived: isArchived } = row;
  return (
    <Menu label={words.more} className="icon-button thread-more" aria-description={title} tabIndex={-1}>
      <MenuItem icon={Pencil} onClick={() => act.edit(id)}>{words.rename}</MenuItem>
      {!isArchived && (
        <MenuItem icon={isPinned ? PinOff : Pin} onClick={() => act.pin([id], !isPinned)}>
          {isPinned ? words.unpin : words.pin}
        </MenuItem>
      )}
      <MenuItem icon={isArchived ? ArchiveRestore : Archive} onClick={() => act.archive([id], !isArchived)}>
        {isArchived ? words.restore : words.archive}
      </MenuItem>
      <MenuItem icon={ListChecks} onClick={() => act.select(id)}>{words.select}</MenuItem>
      <MenuSeparator />
      <MenuItem icon={Trash} danger onClick={() => act.remove([id])}>{words.delete}</MenuItem>
    </Menu>
  );
}

function DraftMark({ thread, label }) {
  return useHasDraft(thread) && <span className="draft-mark" data-testid="draft-mark">{label}</span>;
}

export const ThreadRow = memo(function ThreadRow(props) {
  const { row, top, isOpen, isStop, isEdited, isSelecting, isSelected, words, act } = props;
  const onClick = (event) => {
    const { shiftKey, ctrlKey, metaKey, altKey } = event;
    if (!isSelecting && (!shiftKey || ctrlKey || metaKey || altKey)) return;
    event.preventDefault();
    act.choose(row.id, shiftKey);
  };
  return (
    <div
      className="thread-row"
      data-row={row.id}
      data-edited={isEdited || undefined}
      data-selected={isSelected || undefined}
      style={top === undefined ? undefined : { position: "absolute", top }}
    >
      {isEdited ? (
        <RenameField
          title={row.title}
          label={words.name}
          className="rename-field"
          onEnd={(title, hasFocus) => act.rename(row.id, title, hasFocus)}
        />
      ) : (
        <>
          {isSelecting && (
            <input
              type="checkbox"
              className="thread-tick"
              checked={isSelected}
              aria-label={filled(words.selectChat, { title: row.title })}
              tabIndex={isStop ? 0 : -1}
              onClick={(event) => act.choose(row.id, event.shiftKey)}
              onChange={() => {}}
            />
          )}
          <Link
            to={`/t/${row.id}`}
            className="thread"
            title={row.title}
            tabIndex={isStop && !isSelecting ? 0 : -1}
            aria-current={isOpen ? "page" : "false"}
            data-testid="thread-link"
            onClick={onClick}
          >
            <span className="title" dir="auto">{row.title}</span>
            {!isOpen && <DraftMark thread={row.id} label={words.draft} />}
            <ThreadStatus thread={row.id} status={row.status} words={words.status} />
          </Link>
          {!isSelecting && <RowMenu row={row} words={words} act={act} />}
        </>
      )}
    </div>
  );
});
