import type { ReleaseOrder } from "../../src/core/index.ts";
import { ReleaseBook } from "./release-book.ts";

/** An order that puts some texts, of which each is a release, in one line in the given sequence. */
function orderOfLine(releases: readonly string[]): ReleaseOrder {
  return {
    version: "a line",
    read(release) {
      const position = releases.indexOf(release);
      if (position < 0) return null;
      return {
        name: `${String(position)} ${release}`,
        line: "",
        place: String(position).padStart(4, "0"),
        byDate: false,
      };
    },
  };
}

/** A text for a release of Bugsink's, where `""` is one as any other. */
export function textOf(release: string): string {
  return release === "" ? "(no release)" : release;
}

/** The releases of a project of Bugsink's, all in one line in the given sequence. */
export function lineOf(releases: readonly string[]): ReleaseBook {
  const texts = releases.map(textOf);
  const book = new ReleaseBook(orderOfLine(texts));
  texts.forEach((text, index) => book.register(text, index));
  return book;
}
