import { ownText, text, type Column, type StoredText } from "./columns.ts";

/** The release in which an issue was last seen. */
export interface LastSeen {
  /** `""` where it is not known. */
  readonly version: string;
  /** The number that it had; 0 if its mark has to be loaded. */
  readonly number: number;
}

/**
 * The release in which an issue was last seen: its version, followed by the escape character and its number unless that is 0.
 * In other stored texts characters of a private-use block follow that one.
 */
export const lastSeen: Column<StoredText, string, LastSeen> = {
  kind: "text",
  nullable: false,
  encode: ({ version, number }) => text.encode(version) + (number === 0 ? "" : `${NUMBER_FOLLOWS}${String(number)}`),
  decode: (stored) => {
    const all = ownText.decode(stored);
    const [, version = all, number = "0"] = WITH_NUMBER.exec(all) ?? [];
    return { version: text.decode(version), number: Number(number) };
  },
};

const NUMBER_FOLLOWS = "\u001a";
const WITH_NUMBER = /^(.*)\u001a(\d+)$/su;
