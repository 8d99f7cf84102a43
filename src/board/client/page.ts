/** The first element of a page that a selector finds, if it is of this kind. */
export function inPage<Kind extends Element>(
  selector: string,
  kind: new () => Kind,
  root: ParentNode = document,
): Kind | null {
  const found = root.querySelector(selector);
  return found instanceof kind ? found : null;
}

/** Another page of the board, read but not shown; `null` if it cannot be had, such as because it is a login page instead. */
export async function readPage(address: string): Promise<Document | null> {
  const response = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (response?.headers.get("content-type")?.startsWith("text/html") !== true || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** The rows of a list of issues or alerts. */
export function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".issues > li[data-key]")];
}
