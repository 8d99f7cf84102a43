import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { format } from "prettier";

/*
 * Writes src/board/assets.ts, which holds the style and the script of the board as texts: a board has no files to read, wherever it runs.
 * After a change in src/board/client: npm run board-assets
 */
const CLIENT = new URL("../src/board/client/", import.meta.url);

/** The module with the assets, as it has to be. */
export async function boardAssets(): Promise<string> {
  const style = await minified("board.css");
  const script = await minified("board.ts");
  const icon = readFileSync(new URL("icon.svg", CLIENT), "utf8").trim();
  const module = `
    /** The files of the board. Made of src/board/client by \`npm run board-assets\`: change them there. */
    export const ASSETS = {
      style: { name: ${named(style, "css")}, type: "text/css; charset=utf-8", content: ${JSON.stringify(style)} },
      script: { name: ${named(script, "js")}, type: "text/javascript; charset=utf-8", content: ${JSON.stringify(script)} },
      icon: { name: ${named(icon, "svg")}, type: "image/svg+xml", content: ${JSON.stringify(icon)} },
    } as const;
  `;
  return format(module, { parser: "typescript", printWidth: 120 });
}

async function minified(file: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    entryPoints: [new URL(file, CLIENT).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
  });
  if (warnings.length > 0) throw new Error(`${file} has warnings.`);
  return outputFiles[0]?.text.trim() ?? "";
}

/** The name changes with the content, so that browsers can keep the file. */
function named(content: string, ending: string): string {
  return JSON.stringify(`board-${createHash("sha256").update(content).digest("hex").slice(0, 12)}.${ending}`);
}

if (import.meta.main) writeFileSync(new URL("../src/board/assets.ts", import.meta.url), await boardAssets());
