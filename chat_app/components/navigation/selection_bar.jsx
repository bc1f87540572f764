/* What can be done with the selected chats; in the place above the list. */

import Archive from "lucide-react/dist/esm/icons/archive.mjs";
import ArchiveRestore from "lucide-react/dist/esm/icons/archive-restore.mjs";
import Trash from "lucide-react/dist/esm/icons/trash-2.mjs";
import X from "lucide-react/dist/esm/icons/x.mjs";
import { counted } from "../shared/words.jsx";

const line = { size: "1.0625rem", strokeWidth: 1.7, "aria-hidden": true };

function Action({ icon: Icon, label, ...rest }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...rest}>
      <Icon {...line} />
    </button>
  );
}

export function SelectionBar({ count, isArchive, words, onArchive, onDelete, onEnd }) {
  const archive = isArchive ? words.restore : words.archive;
  return (
    <div className="selection-bar" role="toolbar" aria-label={words.select} data-testid="selection-bar">
      <Action icon={X} label={words.done} onClick={onEnd} />
      <span role="status">{counted(words.selected, count, words.language)}</span>
      <Action icon={isArchive ? ArchiveRestore : Archive} label={archive} aria-disabled={!count} onClick={onArchive} />
      <Action icon={Trash} label={words.delete} aria-disabled={!count} onClick={onDelete} data-danger />
    </div>
  );
}
