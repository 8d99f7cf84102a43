import type { GroupingInput } from "../../src/core/grouping.ts";

/** What a grouping strategy gets for an event without any members that it reads. */
export const EMPTY_INPUT: GroupingInput = {
  type: "",
  value: "",
  transaction: "",
  platform: "",
  mechanism: "",
  level: "error",
  frames: [],
  fingerprint: [],
};
