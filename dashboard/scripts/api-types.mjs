// Types of the centre's API, made from docs/reference/openapi.json. `--check` says when they are older than the document.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../docs/reference/openapi.json", import.meta.url);
const TYPES = fileURLToPath(new URL("../src/api/schema.ts", import.meta.url));
const HEAD = "// Made by `npm run api:types` from docs/reference/openapi.json. Do not edit.\n";

const made = HEAD + astToString(await openapiTS(DOCUMENT, { alphabetize: true }));
if (!process.argv.includes("--check")) {
  await writeFile(TYPES, made);
} else if ((await readFile(TYPES, "utf8").catch(() => "")) !== made) {
  process.stderr.write("src/api/schema.ts does not fit docs/reference/openapi.json: run `make openapi` and commit both\n");
  process.exitCode = 1;
}
