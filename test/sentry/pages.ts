import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** One build of the shop's script: minified, in a file whose name has a hash. */
export interface PageBuild {
  /** Such as `shop-4K2JX7QD.js`. */
  readonly file: string;
  readonly script: string;
}

/** How two releases of the program differ. */
const RELEASES = {
  "shop@1.0.0": { chunk: "checkout-QZ7KD2XN.js", globals: [] },
  // A minifier does not give names that belong to something outside of the program: all others move.
  "shop@1.1.0": { chunk: "checkout-B4MT9LHW.js", globals: "abcdefghijklmnopqrstuvwxyz".split("") },
};

const PAGES = new URL("pages/", import.meta.url);

export type ShopRelease = keyof typeof RELEASES;

/**
 * Builds the script of the shop's pages. In another release the minified names and the hashes are others, as after any change of
 * a program.
 *
 * @param dsn - where the SDK of the pages posts to
 */
export async function buildPages(release: ShopRelease, dsn: string): Promise<PageBuild> {
  const { chunk, globals } = RELEASES[release];
  const uses = globals.map((name) => `typeof ${name};`).join("");
  const program = readFileSync(new URL("shop.ts", PAGES), "utf8");
  const result = await build({
    stdin: { contents: `${program}\n${uses}`, loader: "ts", resolveDir: fileURLToPath(PAGES) },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["/assets/*"],
    define: {
      DSN: JSON.stringify(dsn),
      RELEASE: JSON.stringify(release),
      CHUNK: JSON.stringify(`/assets/${chunk}`),
    },
    outdir: "/assets",
    entryNames: "shop-[hash]",
    logLevel: "error",
  });
  const [{ path, text } = { path: "", text: "" }] = result.outputFiles;
  return { file: path.slice(path.lastIndexOf("/") + 1), script: text };
}
