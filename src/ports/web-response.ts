/**
 * Whether a host's function returned a `Response` that can be sent: it may be of another realm or another implementation, and has a status.
 */
export function isResponse(value: unknown): value is Response {
  if (Object.prototype.toString.call(value) !== "[object Response]") return false;
  const status: unknown = Reflect.get(Object(value), "status");
  return typeof status === "number" && status >= 200;
}
