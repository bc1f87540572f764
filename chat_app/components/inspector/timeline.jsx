/* The Timeline tab: the nodes and tasks of a run, each as a bar in time. */

export function TimelineTab({ words }) {
  return <p className="inspector-note">{words.empty}</p>;
}
