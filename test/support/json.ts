import { readFileSync } from "node:fs";

/** Reads a JSON file of test data; the caller names its type. */
export function readJson<Data>(file: URL | string): Data {
  return JSON.parse(readFileSync(file, "utf8"));
}
