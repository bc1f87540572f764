/* The tabs of the inspector, each loaded when it is opened for the first time. A new one is a line here, with the
   name of its file and of the component in it, and a row in tabs.py. */

import { lazy } from "react";

const tab = (load, name) => lazy(async () => ({ default: (await load())[name] }));

export const StreamsTab = tab(() => import("./streams.jsx"), "StreamsTab");
export const TimelineTab = tab(() => import("./timeline.jsx"), "TimelineTab");
export const StateTab = tab(() => import("./values.jsx"), "StateTab");
export const RunsTab = tab(() => import("./runs.jsx"), "RunsTab");
export const MemoryTab = tab(() => import("./memory.jsx"), "MemoryTab");
export const RequestTab = tab(() => import("./request.jsx"), "RequestTab");
export const GraphTab = tab(() => import("./graph.jsx"), "GraphTab");
