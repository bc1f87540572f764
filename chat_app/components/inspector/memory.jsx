/* The Memory tab: the namespaces of the server's store as a tree, the items of one, and one item to be edited. */

import { useEffect, useMemo, useRef, useState } from "react";
import ChevronRight from "lucide-react/dist/esm/icons/chevron-right.mjs";
import { announce } from "../shared/announce.js";
import { MemoryItem, NewItem } from "./memory_item.jsx";
import { keyOf, treeOf } from "./memory_spaces.js";

const NOTHING = { query: "", fields: "" };
const FEW = 30; // namespaces; of more the tree is folded at first

const timeOf = (at, language) => new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });

export function MemoryTab({ running, loaded, missing, spaces, moreSpaces, chosen, item, words, said, settled, ...rest }) {
  const [isNew, setNew] = useState(false);
  const [asked, ask] = useState(NOTHING); // what is searched for, also while an item is open
  const { onLoad } = rest;
  const load = useRef(onLoad);
  load.current = onLoad;
  useEffect(() => {
    if (!running) load.current(); // a run may have written
  }, [running]);
  const wasSettled = useRef(settled);
  useEffect(() => {
    if (settled === wasSettled.current) return;
    wasSettled.current = settled;
    announce(said);
    if (said && isNew) {
      setNew(false);
      ask(NOTHING);
    }
  }, [settled]);
  const box = useRef(null);
  const isOpen = isNew || item.key !== "";
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
    wasOpen.current = isOpen;
  }, [isOpen]);
  const choose = (path) => {
    ask(NOTHING);
    rest.onChoose(path);
  };
  if (missing) return <p className="inspector-note">{missing}</p>;
  if (!loaded) return <p className="inspector-note">{words.loading}</p>;
  return (
    <div className="memory" data-open={isOpen || undefined}>
      <nav className="memory-spaces" aria-label={words.spaces}>
        <Tree {...{ spaces, chosen, words }} onChoose={choose} canAll={rest.canAll} />
        {moreSpaces && <p className="memory-hint">{words.moreSpaces}</p>}
      </nav>
      <div className="memory-main" ref={box} tabIndex={-1}>
        {isNew && <NewItem {...{ chosen, words, settled }} onCreate={rest.onCreate} onClose={() => setNew(false)} />}
        {!isNew && item.key !== "" && (
          <MemoryItem key={`${keyOf(item.names)}\n${item.key}\n${item.updated}`} {...{ item, words, settled }} {...rest} />
        )}
        {!isOpen && <Items {...{ chosen, asked, ask, words }} {...rest} onNew={() => setNew(true)} />}
      </div>
    </div>
  );
}

function Tree({ spaces, chosen, words, onChoose, canAll }) {
  const roots = useMemo(() => treeOf(spaces), [spaces]);
  if (!roots.length) return <p className="memory-hint">{words.noSpaces}</p>;
  return (
    <ul>
      {canAll && (
        <li>
          <span className="memory-node">
            <button type="button" className="memory-name" aria-current={!chosen.length || undefined} onClick={() => onChoose([])}>
              {words.all}
            </button>
          </span>
        </li>
      )}
      {roots.map((node) => (
        <Node key={node.name} {...{ node, chosen, words, onChoose, canAll }} isFolded={spaces.length > FEW} />
      ))}
    </ul>
  );
}

function Node({ node, chosen, words, isFolded, canAll, onChoose }) {
  const isOnPath = node.path.every((name, place) => chosen[place] === name);
  const [isOpen, setOpen] = useState(!isFolded || isOnPath);
  const isChosen = isOnPath && chosen.length === node.path.length;
  return (
    <li>
      <span className="memory-node">
        {node.children.length > 0 && (
          <button type="button" className="memory-fold" aria-expanded={isOpen} aria-label={`${words.below} ${node.name}`} onClick={() => setOpen(!isOpen)}>
            <ChevronRight size="0.875rem" aria-hidden="true" />
          </button>
        )}
        {canAll || node.isSpace
          ? <button type="button" className="memory-name" dir="auto" title={node.name} aria-current={isChosen || undefined} onClick={() => onChoose(node.path)}>{node.name}</button>
          : <span className="memory-name" dir="auto" title={node.name}>{node.name}</span>}
      </span>
      {node.children.length > 0 && isOpen && (
        <ul>
          {node.children.map((child) => <Node key={child.name} {...{ chosen, words, isFolded, canAll, onChoose }} node={child} />)}
        </ul>
      )}
    </li>
  );
}

function Items({ chosen, asked, ask, items, hasMore, searched, words, canWrite, onSearch, onOpen, onMore, onNew, onLoad }) {
  const { query, fields } = asked;
  const submit = (event) => {
    event.preventDefault();
    onSearch(query, fields);
  };
  return (
    <>
      <form className="memory-search" role="search" onSubmit={submit}>
        <input type="search" dir="auto" aria-label={words.query} placeholder={words.query} value={query} onChange={({ target }) => ask({ query: target.value, fields })} />
        <input className="code" aria-label={words.filter} placeholder={words.filter} spellCheck={false} value={fields} onChange={({ target }) => ask({ query, fields: target.value })} />
        <button type="submit" className="button">{words.search}</button>
        <button type="button" className="button" onClick={onLoad}>{words.refresh}</button>
        {canWrite && <button type="button" className="button" onClick={onNew}>{words.create}</button>}
      </form>
      {searched && <p className="memory-hint" role="status">{words.searched[searched]}</p>}
      {!items.length && <p className="memory-hint">{searched ? words.nothing : words.noItems}</p>}
      <ul className="memory-items" aria-label={words.items}>
        {items.map((one) => {
          const below = one.names.slice(chosen.length);
          return (
            <li key={`${keyOf(one.names)}\n${one.key}`}>
              <button type="button" className="memory-row" data-testid="memory-row" onClick={() => onOpen(one.names, one.key)}>
                <span className="memory-key" dir="auto">
                  {below.length > 0 && <small>{below.join(" › ")} › </small>}
                  {one.key}
                </span>
                <code dir="auto">{one.preview}</code>
                <small>
                  {one.updated > 0 && timeOf(one.updated, words.language)}
                  {one.score && ` · ${words.score} ${one.score}`}
                </small>
              </button>
            </li>
          );
        })}
      </ul>
      {hasMore && <button type="button" className="button runs-more" onClick={onMore}>{words.more}</button>}
    </>
  );
}
