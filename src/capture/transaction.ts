import type { PropertyReader } from "../core/property-reader.ts";

/** The method and the route, or else the path, of a request, such as `POST /carts/:id`; `undefined` if it has none. */
export function transactionOf(method: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined || path === "") return undefined;
  return method === undefined ? path : `${method} ${path}`;
}

/** A URL without its query and fragment, which may hold secrets. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/su, "");
}

/** Reads a property that is an object; `undefined` if it is anything else. */
export function readObject(reader: PropertyReader, object: object, name: string): object | undefined {
  const value = reader.read(object, name);
  return typeof value === "object" && value !== null ? value : undefined;
}
