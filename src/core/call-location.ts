/** The line and the column behind a file, and in WebAssembly the function and the offset. */
const POSITION = /(?::wasm-function\[\d+\])?:(?:0x[\da-f]+|\d+)(?::\d+)?$/u;
/** Where code is that is not the host's: in a runtime, in an evaluated text or in a package. */
const NOT_IN_APP =
  /^(?:node:|bun:|deno:|ext:|native$|internal\/|data:|eval at |<|\[)|[\\/]node_modules[\\/]|<anonymous>$| line \d+ > /u;

/** Whether a location names a line of a file. */
export function hasPosition(location: string): boolean {
  return POSITION.test(location);
}

/** The file of a location in the host's own code; `undefined` for any other location. */
export function inAppFile(location: string): string | undefined {
  const position = POSITION.exec(location);
  if (position === null) return undefined;
  const file = location.slice(0, position.index);
  if (file === "" || NOT_IN_APP.test(file)) return undefined;
  return pathOf(withoutQuery(file));
}

/** Without the query, by which loaders tell versions of a file apart. A Windows path may begin with `\\?\`. */
function withoutQuery(file: string): string {
  const query = file.indexOf("?", 4);
  const whole = query === -1 ? file : file.slice(0, query);
  const fragment = whole.includes("://") ? whole.indexOf("#") : -1;
  return fragment === -1 ? whole : whole.slice(0, fragment);
}

/** A file URL as a path, as CommonJS modules have it; anything else as it is. */
function pathOf(file: string): string {
  const path = /^file:\/\/(?:\/(?=[A-Za-z]:))?(.+)$/u.exec(file)?.[1];
  if (path === undefined) return file;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
