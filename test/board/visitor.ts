import { createBoard, type BoardOptions, type BoardUser } from "../../src/board/index.ts";
import { createMemoryStore, type IssueTrackerOptions } from "../../src/index.ts";
import { Scenario } from "../support/scenario.ts";

/** Somebody who may see and change everything. */
export const ANN: BoardUser = { id: "ann", name: "ann@shop.test", projects: "all", mayChange: true };

/** A page as a visitor gets it. */
export interface Visited {
  readonly status: number;
  readonly headers: Headers;
  /** The whole document. */
  readonly html: string;
  /** What a person reads: the body's text, with single spaces. */
  readonly text: string;
}

/** A board, a tracker behind it, and somebody who uses it without a browser. */
export class Visitor {
  readonly story: Scenario;
  readonly errors: unknown[] = [];
  /** Who asks; `null` for nobody. */
  user: BoardUser | Response | null = ANN;
  readonly #board: (request: Request) => Promise<Response>;

  private constructor(story: Scenario, options: Partial<BoardOptions>) {
    this.story = story;
    this.#board = createBoard({
      tracker: story.tracker,
      clock: story.clock,
      authorize: () => this.user,
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  static async begin(options: Partial<BoardOptions> = {}, more: Partial<IssueTrackerOptions> = {}): Promise<Visitor> {
    return new Visitor(await Scenario.begin(createMemoryStore(), more), options);
  }

  /** Sends a request as it is. */
  send(query: string, init?: RequestInit): Promise<Response> {
    return this.#board(new Request(`https://shop.test/admin/errors${query}`, init));
  }

  async get(query: string, init?: RequestInit): Promise<Visited> {
    return visitedOf(await this.send(query, init));
  }

  /** Sends a form of a page, as a browser does. */
  async post(
    query: string,
    fields: Readonly<Record<string, string | readonly string[]>>,
    headers: Readonly<Record<string, string>> = { "sec-fetch-site": "same-origin" },
  ): Promise<Visited> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each);
    return visitedOf(await this.send(query, { method: "POST", body, headers }));
  }
}

async function visitedOf(response: Response): Promise<Visited> {
  const html = await response.text();
  const body = /<main.*<\/main>/su.exec(html)?.[0] ?? "";
  const text = body
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/ (?=[.,](?: |$))/gu, "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
  return { status: response.status, headers: response.headers, html, text };
}
