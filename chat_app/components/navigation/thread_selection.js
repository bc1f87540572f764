/* Which threads of the list are selected. Pure: ids in the order of the list in, a selection out. `anchor` is
   where a range begins, `kept` are those that were selected before: a range can be made shorter again. */

const from = (ids, anchor) => ({ isOn: true, ids, anchor, kept: ids });

export const NONE = { ...from(new Set(), ""), isOn: false };

export const begin = (id) => from(new Set(id ? [id] : []), id);

export function toggled(selection, id) {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return from(ids, id);
}

/** All from the anchor to `id`, beside what was selected before. */
export function extended(selection, id, order) {
  const first = order.indexOf(selection.anchor);
  const last = order.indexOf(id);
  if (last < 0) return selection;
  if (first < 0) return toggled(selection, id);
  const range = order.slice(Math.min(first, last), Math.max(first, last) + 1);
  return { ...selection, ids: new Set([...selection.kept, ...range]) };
}

export const everything = (order) => from(new Set(order), order[0] ?? "");

/** The selected ones that are still in the list, in its order. */
export const chosen = (selection, order) => order.filter((id) => selection.ids.has(id));
