/* Which threads of the list are selected. Pure: ids in the order of the list in, a selection out. `anchor` is
   where a range begins. */

export const NONE = { isOn: false, ids: new Set(), anchor: "" };

export const begin = (id) => ({ isOn: true, ids: new Set(id ? [id] : []), anchor: id });

export function toggled(selection, id) {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { isOn: true, ids, anchor: id };
}

/** All from the anchor to `id`, beside what was selected before. */
export function extended(selection, id, order) {
  const from = order.indexOf(selection.anchor);
  const to = order.indexOf(id);
  if (to < 0) return selection;
  if (from < 0) return toggled(selection, id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { isOn: true, ids: new Set([...selection.ids, ...range]), anchor: selection.anchor };
}

export const everything = (order) => ({ isOn: true, ids: new Set(order), anchor: order[0] ?? "" });

/** The selected ones that are still in the list, in its order. */
export const chosen = (selection, order) => order.filter((id) => selection.ids.has(id));
