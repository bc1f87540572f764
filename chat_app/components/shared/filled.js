/* A text with its names in braces filled in. */
export const filled = (text, values) => text.replace(/{(\w+)}/g, (name, key) => values[key] ?? name);
