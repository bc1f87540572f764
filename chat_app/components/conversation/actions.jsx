/* The line below a message: what can be done with it, its versions, and its facts (time, tokens, model). A text
   to copy is read from the page when the button is pressed, and not sent a second time.

   Where there is little room, what is used less is in a menu. */

import { useEffect, useRef, useState } from "react";
import Columns from "lucide-react/dist/esm/icons/columns-2.mjs";
import ChevronDown from "lucide-react/dist/esm/icons/chevron-down.mjs";
import Lines from "lucide-react/dist/esm/icons/text-align-start.mjs";
import Pencil from "lucide-react/dist/esm/icons/pencil.mjs";
import Refresh from "lucide-react/dist/esm/icons/refresh-cw.mjs";
import Split from "lucide-react/dist/esm/icons/split.mjs";
import { CopyButton, useCopy } from "../prose/copy.jsx";
import { markdownOf } from "../prose/copying.js";
import { Menu, MenuItem, SubMenu } from "../shared/menu.jsx";
import { useWords } from "../shared/words.jsx";
import { useBranches } from "./branches.jsx";
import { beginEdit } from "./editing.js";
import { Feedback } from "./feedback.jsx";
import { standStill } from "./scroll.jsx";
import { Versions } from "./versions.jsx";

const line = { size: "0.9375rem", strokeWidth: 1.7, "aria-hidden": true };

const FORK_ONCE = 5000; // ms in which pressing twice makes one new chat
const HUMAN = '[data-kind="human"]';
const ASKED = `${HUMAN}, [data-status="sent"]`; // text, or an image alone

/* The elements with text of the turn that `row` ends, oldest first. */
function written(row) {
  if (row.matches(HUMAN)) return [row.querySelector(".bubble")];
  const found = [];
  for (let at = row.previousElementSibling; at && !at.matches(ASKED); at = at.previousElementSibling)
    if (at.matches('[data-kind="text"]')) found.unshift(at.querySelector(".prose"));
  return found;
}

const joined = (button, wordsOf) =>
  written(button.closest(".row")).map(wordsOf).join("\n\n").replace(/\n{3,}/g, "\n\n").trim();
const asMarkdown = (button) => joined(button, (element) => markdownOf(element) ?? element.textContent);
const asPlain = (button) => joined(button, (element) => element.innerText);

function Time({ at }) {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return (
    <time dateTime={then.toISOString()} title={then.toLocaleString()}>
      {then.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}

/* A button that waits for the end of the run can have the focus, so that its tooltip tells why. */
function Action({ label, icon: Icon, waits, onClick, ...rest }) {
  const { versions } = useWords();
  return (
    <button
      type="button"
      aria-label={label}
      title={waits ? `${label} (${versions.afterAnswer})` : label}
      aria-disabled={waits || undefined}
      onClick={(event) => !waits && onClick(event)}
      {...rest}
    >
      <Icon {...line} />
    </button>
  );
}

function Assistants({ id }) {
  const { options, chosen, does } = useBranches();
  return options.map((option) => (
    <MenuItem key={option.id} checked={option.id === chosen} onClick={() => does.regenerate(id, option.id)}>
      {option.label || option.name}
    </MenuItem>
  ));
}

function CopyPlain({ row }) {
  const { copyPlain } = useWords();
  const { copy } = useCopy();
  return <MenuItem icon={Lines} onClick={() => copy(asPlain(row.current))}>{copyPlain}</MenuItem>;
}

function OfAnswer({ row, compare }) {
  const { running, options, does } = useBranches();
  const { versions } = useWords();
  const here = useRef(null);
  const isChoice = options.length > 1;
  const [isForking, setForking] = useState(false);
  useEffect(() => {
    if (!isForking) return;
    const timer = setTimeout(() => setForking(false), FORK_ONCE);
    return () => clearTimeout(timer);
  }, [isForking]);
  const fork = () => {
    if (isForking) return;
    setForking(true);
    does.fork(row.id);
  };
  return (
    <>
      <Action label={versions.regenerate} icon={Refresh} waits={running} onClick={() => does.regenerate(row.id, "")} data-command="regenerate" data-testid="regenerate" />
      {isChoice && !running && (
        <Menu label={versions.regenerateWith} trigger={<ChevronDown {...line} size="0.75rem" />} className="narrow roomy">
          <Assistants id={row.id} />
        </Menu>
      )}
      {!row.is_bare && <Action label={versions.fork} icon={Split} className="roomy" onClick={fork} data-command="fork" data-testid="fork" />}
      {(!row.is_bare || isChoice || row.count > 1) && (
        <span className="crowded" ref={here}>
          <Menu label={versions.other} className="">
            {row.count > 1 && !running && <MenuItem icon={Columns} onClick={compare}>{versions.compare}</MenuItem>}
            {!row.is_bare && <CopyPlain row={here} />}
            {!row.is_bare && <MenuItem icon={Split} onClick={fork}>{versions.fork}</MenuItem>}
            {isChoice && !running && (
              <SubMenu icon={Refresh} label={versions.regenerateWith}>
                <Assistants id={row.id} />
              </SubMenu>
            )}
          </Menu>
        </span>
      )}
    </>
  );
}

/* `row`: of a message of the person (`isOwn`), or the one that ends an answer. Without an `id` it belongs to an
   agent inside the agent, or is one of a comparison: then it can only be copied. */
export function Actions({ row, isOwn }) {
  const { copyMarkdown, copyPlain, edit, versions } = useWords();
  const { running, does } = useBranches();
  const { id, at, usage: facts, model, number, count } = row;
  const open = ({ currentTarget: button }) => {
    standStill(button);
    beginEdit(id, row.text ?? "");
  };
  const hasText = isOwn ? row.kind === "human" : !row.is_bare;
  const versionsAt = row.versions_at || id;
  const compare = () => does.compare(versionsAt, number > 1 ? number - 1 : 2, number);
  const comparing = count > 1 && <Action label={versions.compare} icon={Columns} waits={running} onClick={compare} className={id && !isOwn ? "roomy" : undefined} data-testid="compare" />;
  const switcher = count > 1 && <Versions {...{ id: versionsAt, number, count }} />;
  return (
    <div className="actions" data-versions={count > 1 || undefined}>
      {!isOwn && switcher}
      {!isOwn && comparing}
      {hasText && <CopyButton label={copyMarkdown} textOf={asMarkdown} {...(id && !isOwn ? { "data-command": "copy" } : {})} />}
      {hasText && <CopyButton label={copyPlain} textOf={asPlain} icon={Lines} className="roomy" />}
      {id && isOwn && <Action label={edit} icon={Pencil} onClick={open} data-command="edit-last" data-testid="edit" />}
      {id && !isOwn && !row.is_unanswered && <Feedback id={id} />}
      {id && !isOwn && <OfAnswer row={row} compare={compare} />}
      {at > 0 && <Time at={at} />}
      {facts && <span className="facts" title={model || undefined}>{facts}</span>}
      {model && <span className="facts model">{model}</span>}
      {isOwn && comparing}
      {isOwn && switcher}
    </div>
  );
}
