import { ownText, text, type Column, type StoredText } from "./columns.ts";

/** The release in which an issue was last seen. */
export interface LastSeen {
  /** `""` where it is not known. */
  readonly version: string;
  /** Whether a fix may be claimed in it since. */
  readonly claimedSince: boolean;
}

/**
 * The release in which an issue was last seen: its version, followed by the escape character if a fix may be claimed in it since.
 * Stored texts never end in that character, because an escape sequence has three of them.
 */
export const lastSeen: Column<StoredText, string, LastSeen> = {
  kind: "text",
  nullable: false,
  encode: ({ version, claimedSince }) => text.encode(version) + (claimedSince ? CLAIMED_SINCE : ""),
  decode: (stored) => {
    const all = ownText.decode(stored);
    const claimedSince = all.endsWith(CLAIMED_SINCE);
    return { version: text.decode(claimedSince ? all.slice(0, -CLAIMED_SINCE.length) : all), claimedSince };
  },
};

const CLAIMED_SINCE = "\u001a";
