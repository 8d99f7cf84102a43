import { describe, expect, test } from "vitest";
import { readJson } from "../support/json.ts";

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly gypfile?: boolean;
}

const { packages } = readJson<{ readonly packages: Readonly<Record<string, LockedPackage>> }>(
  new URL("../../package-lock.json", import.meta.url),
);

/** Whether `dependent` would find the package: beside it, or in a folder above. */
function isLocked(name: string, dependent: string): boolean {
  for (let folder = dependent; ; folder = folder.slice(0, folder.lastIndexOf("node_modules/"))) {
    if (`${folder}${folder === "" || folder.endsWith("/") ? "" : "/"}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

describe("the lock file", () => {
  // npm 11 refuses to install from a lock file that misses one, on every platform. npm leaves those out that the registry
  // did not have when the file was written: then lock an older version of the package that asks for them.
  test("names every optional package, of every platform", () => {
    const missing = Object.entries(packages).flatMap(([dependent, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((dependency) => !isLocked(dependency, dependent))
        .map((dependency) => `${dependent} asks for ${dependency}`),
    );
    expect(Object.values(packages).some((each) => each.optionalDependencies !== undefined)).toBe(true);
    expect(missing).toEqual([]);
  });

  // better-sqlite3 says so in its own manifest and ships what it needs, but npm does not copy it here, and npm 10 believes
  // what stands here: without it, it wants Python and a compiler. `npm install` drops it: put it back.
  test("says that better-sqlite3 is not to be compiled", () => {
    expect(packages["node_modules/better-sqlite3"]?.gypfile).toBe(false);
  });
});
