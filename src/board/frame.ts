import { ASSETS } from "./assets.ts";
import { linkTo } from "./address.ts";
import { html, type Content, type Html } from "./html.ts";
import type { Viewer } from "./viewer.ts";

/** The main pages of the board. */
type Section = "issues" | "releases" | "alerts" | "projects";

/** A page before it is framed. */
export interface PageContent {
  /** The title of the document. */
  readonly title: string;
  readonly body: Content;
  /** The part of the board that it belongs to; `null` for errors. */
  readonly section: Section | null;
  readonly status?: number;
  /** More headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the feed was when the page was made: the script shows what has changed since. Absent for pages that do not change. */
  readonly feedCursor?: string | undefined;
  /** The friendly id of the issue that the page is about; absent for a page about all of them. */
  readonly issue?: string;
  /** Whether the page waits for something, and is loaded again by itself where no script runs. */
  readonly isWaiting?: boolean;
}

/** What all pages of a board share. */
export interface FrameParts {
  /** What the board is called. */
  readonly boardTitle: string;
  readonly viewer: Viewer | null;
}

/**
 * Only files of the board itself, no script or style in a page, no frame, and forms that stay on the board: whatever a hostile event gets into
 * a page would not run.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SAFETY = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // The board's own forms need an origin; others learn nothing of its addresses.
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const NO_STORE = { ...SAFETY, "cache-control": "no-store" };

const SECTIONS: readonly { readonly section: Section; readonly word: string; readonly link: string }[] = [
  { section: "issues", word: "Issues", link: linkTo({}) },
  { section: "releases", word: "Releases", link: linkTo({ view: "releases" }) },
  { section: "alerts", word: "Alerts", link: linkTo({ view: "alerts" }) },
  { section: "projects", word: "Projects", link: linkTo({ view: "projects" }) },
];

/** The response with a page. */
export function pageResponse({ boardTitle, viewer }: FrameParts, page: PageContent): Response {
  const { title, body, section, feedCursor, issue, isWaiting = false } = page;
  const links = SECTIONS.map(
    (each) => html`<a href="${each.link}" ${each.section === section && html` aria-current="page"`}>${each.word}</a>`,
  );
  const document = html`<!doctype html>
    <html
      lang="en"
      ${feedCursor !== undefined && html` data-feed="${feedCursor}"`}
      ${issue !== undefined && html` data-issue="${issue}"`}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}${title !== boardTitle && ` · ${boardTitle}`}</title>
        <link rel="icon" href="${linkTo({ asset: ASSETS.icon.name })}" />
        <link rel="stylesheet" href="${linkTo({ asset: ASSETS.style.name })}" />
        <script type="module" src="${linkTo({ asset: ASSETS.script.name })}"></script>
        ${isWaiting && html`<noscript><meta http-equiv="refresh" content="10" /></noscript>`}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <div>
            <a class="brand" href="${linkTo({})}">${MARK}${boardTitle}</a>
            <nav aria-label="Main">${viewer !== null && links}</nav>
            ${viewer !== null && html`<span class="who">${viewer.name}</span>`}
          </div>
        </header>
        <main id="main" tabindex="-1">${body}</main>
      </body>
    </html> `;
  return new Response(document.text, {
    status: page.status ?? 200,
    headers: { ...NO_STORE, ...page.headers, "content-type": "text/html; charset=utf-8" },
  });
}

const MARK: Html = html`<svg
  width="18"
  height="18"
  viewBox="0 0 18 18"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  aria-hidden="true"
>
  <path d="M2 13h3l2-8 4 11 2-6h3" />
</svg>`;

/** A page that says what went wrong, and where to go on. */
export function errorPage(status: number, heading: string, text: Content): PageContent {
  const body = html`<section class="empty">
    <h1>${heading}</h1>
    <p>${text}</p>
    <p><a class="button" href="${linkTo({})}">All open issues</a></p>
  </section>`;
  return { title: heading, body, section: null, status };
}

/** Leads a browser to another page of the board after a form was sent. */
export function redirectTo(link: string): Response {
  return new Response(null, { status: 303, headers: { ...NO_STORE, location: link } });
}

/** Data for the board's script, or to download. */
export function dataResponse(data: string, fileName?: string): Response {
  const download = fileName === undefined ? {} : { "content-disposition": `attachment; filename="${fileName}"` };
  return new Response(data, { headers: { ...NO_STORE, "content-type": "application/json", ...download } });
}

/** A file of the board. Its name changes with its content, so that browsers keep it; one of another version is not there. */
export function assetResponse(name: string): Response {
  const asset = Object.values(ASSETS).find((each) => each.name === name);
  if (asset === undefined) return new Response("There is no such file.", { status: 404, headers: NO_STORE });
  const headers = { ...SAFETY, "content-type": asset.type, "cache-control": "private, max-age=31536000, immutable" };
  return new Response(asset.content, { headers });
}
