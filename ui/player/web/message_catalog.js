// The texts of all messages by their keys, read from ui/text/messages/en, as tests under Node need them.
// For the browser, ui/player/assets.py publishes the same object as a module of this name.
// @ts-nocheck: the types of Node are not those of the browser, for which the other scripts are checked.

import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../text/messages/en/", import.meta.url);
const catalogs = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** @type {Readonly<Record<string, string>>} */
const texts = Object.assign({}, ...catalogs.map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8"))));

export default texts;
