import { readFileSync } from "node:fs";

/** Reads a file of test data, of which the caller says what it is. */
export function readJson<Data>(file: URL | string): Data {
  return JSON.parse(readFileSync(file, "utf8"));
}
