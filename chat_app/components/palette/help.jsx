/* All keyboard shortcuts, from the table, and the `/` commands. */

import { useId } from "react";
import { isCharacter } from "../commands/key_match.js";
import { singleKeys } from "../commands/keyboard.js";
import { Keys } from "../commands/keys.jsx";
import { Dialog } from "../shared/dialog.jsx";
import { filled, useWords } from "../shared/words.jsx";
import { close } from "./opened.js";

const grouped = (rows) => Map.groupBy(rows, ({ group }) => group);

function Group({ name, rows, children }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="help-group">
      <h3 id={id}>{name}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.id}>
            <dt>{row.label}</dt>
            <dd>{children(row)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function SingleKeys({ table, says }) {
  const means = useId();
  const keys = table.filter(({ local }) => !local).flatMap((row) => row.keys);
  const single = [...new Set(keys.filter(isCharacter))];
  return (
    <div className="help-choice">
      <label>
        <input
          type="checkbox"
          checked={singleKeys.use()}
          onChange={({ target }) => singleKeys.set(target.checked)}
        />
        {says.singleKeys}
      </label>
      <p id={means}>{filled(says.singleKeysMean, { keys: single.join(" ") })}</p>
    </div>
  );
}

export function Help() {
  const says = useWords().commands;
  const { table } = says;
  const withKeys = [...grouped(table.filter(({ keys }) => keys.length))];
  const named = table.filter(({ slash }) => slash);
  return (
    <Dialog title={says.shortcuts} onClose={close} className="help" data-commands data-testid="help">
      <div className="dialog-body" tabIndex={0} role="group" aria-label={says.shortcuts}>
        <div className="help-groups">
          {withKeys.map(([name, rows]) => (
            <Group key={name} name={name} rows={rows}>
              {(row) => <Keys command={row} or={says.or} />}
            </Group>
          ))}
          {named.length > 0 && (
            <Group name={says.slashCommands} rows={named}>
              {({ slash }) => <code>/{slash}</code>}
            </Group>
          )}
        </div>
        <p className="help-note">{says.slashMeans}</p>
        <SingleKeys table={table} says={says} />
      </div>
    </Dialog>
  );
}
