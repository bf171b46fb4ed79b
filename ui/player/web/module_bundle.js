// A module with all that it imports, and a style sheet with all that it imports, as text for a page without a server.

/** @typedef {(name: string) => Promise<string>} Reader reads a file by its name */

const SCOPE = "km/"; // before the name of a module in an import map
/** An import of a neighboring module, outside of comments, which name modules too. */
const IMPORT = /^(?!\s*(?:\/?\*|\/\/))(.*?(?:from|import)\s*\(?\s*)"\.\/(\w+\.js)"/gm;
const STYLE_IMPORT = /@import "([\w.]+)";/g;

/**
 * The names of the modules that a module imports, and its text with the names of an import map in their place.
 * @param {string} text
 */
export function rewriteImports(text) {
  const names = [...text.matchAll(IMPORT)].map(([, , name]) => name);
  return { names, text: text.replaceAll(IMPORT, `$1"${SCOPE}$2"`) };
}

/**
 * A module and all that it imports.
 * @param {string} entry the module's name
 * @param {Reader} read
 * @returns {Promise<Map<string, string>>} texts by the names of an import map
 */
export async function bundleModules(entry, read) {
  const texts = new Map();
  const pending = [entry];
  for (let name = pending.pop(); name; name = pending.pop()) {
    if (texts.has(SCOPE + name)) continue;
    const { names, text } = rewriteImports(await read(name));
    texts.set(SCOPE + name, text);
    pending.push(...names);
  }
  return texts;
}

/**
 * A style sheet with those that it imports in front of it.
 * @param {string} name
 * @param {Reader} read
 * @returns {Promise<string>}
 */
export async function bundleStyles(name, read) {
  const text = await read(name);
  const imports = [...text.matchAll(STYLE_IMPORT)].map(([, other]) => bundleStyles(other, read));
  return [...(await Promise.all(imports)), text.replaceAll(STYLE_IMPORT, "")].join("\n");
}
