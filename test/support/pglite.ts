import { PGlite } from "@electric-sql/pglite";
import { openAsBlob } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./examples.ts";
import { readJson } from "./json.ts";

/*
 * To make a PostgreSQL in this process from nothing takes many times longer than to load one. An empty one is kept per
 * version of PGlite, where `npm ci` clears it away.
 */

const { version } = readJson<{ readonly version: string }>(
  join(ROOT, "node_modules", "@electric-sql", "pglite", "package.json"),
);
const FOLDER = join(ROOT, "node_modules", ".cache", "issue-lifecycle");
const IMAGE = `pglite-${version}.tar`;

/** Makes the image that databases begin from, unless it is there: once, before the tests. */
export async function makeImage(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  if ((await readdir(FOLDER)).includes(IMAGE)) return;
  const pglite = await PGlite.create();
  const image = await pglite.dumpDataDir("none");
  await pglite.close();
  // Whoever looks finds a whole image or none.
  const draft = join(FOLDER, `${IMAGE}.${String(process.pid)}`);
  await writeFile(draft, Buffer.from(await image.arrayBuffer()));
  await rename(draft, join(FOLDER, IMAGE));
}

/** Starts a PostgreSQL in this process, which holds nothing yet and ends with the process. */
export async function startPglite(): Promise<PGlite> {
  globalThis.TextDecoder = MarkKeepingDecoder;
  const pglite = new PGlite({ loadDataDir: await openAsBlob(join(FOLDER, IMAGE)) });
  await pglite.waitReady;
  return pglite;
}

/**
 * PGlite drops a byte order mark (U+FEFF) at the beginning of a text that it reads, which drivers of PostgreSQL do not. It makes
 * a decoder for each query; all others are as they were.
 */
class MarkKeepingDecoder extends TextDecoder {
  constructor(...[label, options]: ConstructorParameters<typeof TextDecoder>) {
    const isPglite = new Error().stack?.includes("@electric-sql/pglite") === true;
    super(label, isPglite ? { ...options, ignoreBOM: true } : options);
  }
}
