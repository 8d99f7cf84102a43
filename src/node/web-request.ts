import type { Exchange, NodeRequest } from "./exchange.ts";
import { requestBody } from "./request-body.ts";

/**
 * The web-standard request of an exchange.
 *
 * @returns `undefined` for one that is malformed, or that the class `Request` refuses, such as one with the method TRACE
 * @throws an `Error` for a body that something has read before and kept for itself
 */
export function webRequest(exchange: Exchange): Request | undefined {
  const { request, client } = exchange;
  const { content, isDecoded } = requestBody(exchange);
  try {
    const headers = requestHeaders(request.rawHeaders, isDecoded);
    const url = requestUrl(request, authorityOf(request.rawHeaders) ?? headers.get("host"));
    if (url === undefined) return undefined;
    const { method = "GET" } = request;
    return new Request(url, { method, headers, body: content, signal: client.signal, duplex: "half" });
  } catch {
    return undefined;
  }
}

/** The headers that say how a body is encoded and how long it is. */
const ENCODING_HEADERS: ReadonlySet<string> = new Set(["content-encoding", "content-length", "transfer-encoding"]);

/** The headers as they were sent, repeated ones joined, without the pseudo headers of HTTP/2, such as `:path`. */
function requestHeaders(raw: readonly string[], isDecoded: boolean): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    if (name.startsWith(":") || (isDecoded && ENCODING_HEADERS.has(name.toLowerCase()))) continue;
    headers.append(name, raw[index + 1] ?? "");
  }
  return headers;
}

/** The authority of a request of HTTP/2, which has no header `Host`. */
function authorityOf(raw: readonly string[]): string | undefined {
  const index = raw.indexOf(":authority");
  return index === -1 ? undefined : raw[index + 1];
}

/** The name of a host or an address, and a port. Nothing that would end the host in a URL, and no user name. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s"#,/:<>?@[\\\]^`{|}]+)(?::\d{1,5})?$/iu;

/** What a target in absolute form starts with: the scheme, and the authority, which replaces the header `Host`. */
const ABSOLUTE_FORM = /^https?:\/\/(?<authority>[^/?#]*)(?<rest>.*)$/isu;

/**
 * What a URL's parser would rewrite: segments of dots, backslashes and white space. Routes before the handler saw the path as it was
 * sent, so that a handler that saw another one could be reached past the checks of its host.
 */
const REWRITTEN_PATH = /^[^?#]*?(?:[\\\s]|\/(?:\.|%2e){1,2}(?:[/?#]|$))/iu;

/**
 * The absolute URL of a request, by its `Host` and its connection alone: headers such as `X-Forwarded-Host` may come from anybody.
 *
 * @param host - the header `Host`, or in HTTP/2 the authority
 * @returns `undefined` for a target or host that is malformed
 */
function requestUrl(request: NodeRequest, host: string | null): string | undefined {
  const target = targetOf(request);
  const absolute = ABSOLUTE_FORM.exec(target)?.groups;
  const authority = absolute?.["authority"] ?? (host === null || host === "" ? "localhost" : host);
  const rest = absolute?.["rest"] ?? target;
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  if (absolute === undefined && path !== target) return undefined;
  // A path that starts with two slashes names another host wherever it is resolved, as in a redirect.
  if (path.startsWith("//") || REWRITTEN_PATH.test(path) || !AUTHORITY.test(authority)) return undefined;
  const url = `${isEncrypted(request) ? "https" : "http"}://${authority}${path}`;
  return URL.canParse(url) ? url : undefined;
}

/** The target as the client sent it. Express and other routers shorten `url` and keep the original. */
function targetOf(request: NodeRequest): string {
  const original = "originalUrl" in request ? request.originalUrl : undefined;
  return typeof original === "string" ? original : (request.url ?? "");
}

function isEncrypted(request: NodeRequest): boolean {
  return Reflect.get(request.socket, "encrypted") === true;
}
