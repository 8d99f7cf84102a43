/**
 * Whether a form was sent by a page of this board's own origin. Browsers say so in headers that no page can set: `Sec-Fetch-Site`, and before
 * that `Origin`, of which the host is compared, because a proxy in front may have ended TLS. A request with neither is refused: it needs
 * nobody's session to be harmless, and a page of the board would have sent one of them.
 */
export function isSentByOwnPage(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  if (origin === null || !URL.canParse(origin)) return false;
  return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
}
