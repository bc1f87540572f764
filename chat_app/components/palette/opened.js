/* Which dialog of the commands is open: "palette", "help", or none. */

import { shared } from "../prose/store.js";

export const opened = shared("");

export const toggle = (name) => opened.set(opened.get() === name ? "" : name);
export const close = () => opened.set("");
